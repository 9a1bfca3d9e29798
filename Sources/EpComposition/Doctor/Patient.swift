import EpCards
import EpCore
import EpDesk
import EpEngine
import EpPlan
import EpProviders

/// What the doctor is to look at: the workspace at a path, and what its shows need.
struct Patient {
    /// Nil where there is none yet.
    let workspace: Workspace?
    /// Where episodes are written.
    let directory: String
    /// Vendors of voices that shows use: `espeak`.
    let voices: [String]
    /// Vendors of voices that shows wish for, and that others speak in place of.
    let wished: Set<String>
    /// The tools that stages name, and the word for cards if a stage sets some.
    let tools: Set<String>
    /// Programs that `command` stages and providers run, without those that lie in the episode.
    let commands: [String]
    /// What is served by programs that `epbuild providers install` puts here.
    let installables: Set<String>

    /// - Throws: `Diagnostic` (usage) if there is no such directory, or what is wrong in a file of the workspace or a show.
    init(_ path: String, _ composition: Composition) throws {
        let place = NewPlace(path, from: composition.setting.directory)
        try place.requireDirectory()
        let root = place.ancestor(with: "epbuild.yaml")
        directory = root ?? place.ancestor(with: "show.yaml") ?? place.directory
        workspace = try root.map { try Workspace(directory: $0, Node(fileAt: "\($0)/epbuild.yaml")) }
        try workspace?.check(providerKinds: Dictionary(providersOf: composition.tools), tools: composition.tools.map(\.name))
        let own = place.ancestor(with: "show.yaml").map { [$0] } ?? []
        let places = (try? Discovery.episodes(at: place.directory, from: "/")) ?? []
        let shows = Set(own + places.map(\.show)).sorted()
        let blueprints = try shows.map { try Node(fileAt: "\($0)/show.yaml").value }
        let pipelines = shows.compactMap { ShowPipeline(of: $0, shipped: Composition.pipelines).node?.value }
        let first = workspace?.providers.first { $0.tool == "tts" }?.name ?? composition.vendors.voices.first?.name ?? ""
        let vendor: (String) -> String? = { [workspace] in composition.vendors.voice(of: $0, in: workspace)?.name }
        let wishes = shows.isEmpty ? [[first]] : blueprints.flatMap { $0["characters"]?.list ?? [] }.map { character in
            let voice = character["voice"] ?? .object([])
            return (voice.list ?? [voice]).map { $0["provider"]?.string ?? first }
        }
        // Of a list of voices, the last must be there.
        voices = Set(wishes.compactMap(\.last).compactMap(vendor)).sorted()
        wished = Set(wishes.flatMap { $0.dropLast() }.compactMap(vendor)).subtracting(voices)
        let stages = pipelines.flatMap(Self.stages)
        tools = Set(stages.compactMap { $0["tool"]?.string } + (stages.contains { $0["card"] != nil } ? [CardCommand.word] : []))
        let providers = (workspace?.providers ?? []).filter { $0.use == "program" }.compactMap { $0.settings["run"]?.list?.first?.string }
        installables = Set(Installable.all.map(\.name).filter { [voices, workspace] name in
            let own = (workspace?.providers ?? []).filter { $0.use == name }
            return own.isEmpty ? voices.contains(name) : own.contains { $0.settings["base_url"] == nil }
        })
        commands = Set(pipelines.flatMap(Self.programs) + providers).sorted()
    }

    private static func stages(of pipeline: Value) -> [Value] {
        ((pipeline["stages"]?.members ?? []) + (pipeline["show_stages"]?.members ?? [])).map(\.value)
    }

    private static func programs(of pipeline: Value) -> [String] {
        let named = stages(of: pipeline).flatMap { [$0["run"]?.list?.first, $0["version"]?.list?.first] }.compactMap { $0?.string }
        return named.filter { !$0.contains("/") && !$0.contains("{") }
    }
}
