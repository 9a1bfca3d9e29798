public import EpCore

/// A pipeline that comes with epbuild: stages, prompts and schemas, which a show takes over by `pipeline: NAME`.
public struct ShippedPipeline: Sendable {
    public let name: String
    /// What it makes, in half a sentence.
    public let purpose: String
    /// All of its files, by their paths.
    private let all: [String: [UInt8]]

    /// - Parameter files: `pipeline.yaml` and what that names, and below `templates/` what a show (`blueprint.yaml`) and its episodes
    ///   (`episode/`)
    ///   begin with. What makes a directory a show or an episode has another name there, so that templates are none.
    public init(_ name: String, makes purpose: String, files: [String: [UInt8]]) {
        self.name = name
        self.purpose = purpose
        all = files
    }

    private static let templates = "templates/"
    private static let episode = "templates/episode/"

    /// What a build reads, and what a show of its own has: sorted by path.
    public var files: [(path: String, bytes: [UInt8])] {
        all.filter { !$0.key.hasPrefix(Self.templates) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The blueprint that a new show begins with; what stands between `@` is filled in.
    public var showTemplate: [UInt8] { all["\(Self.templates)blueprint.yaml"] ?? [] }

    /// What a new episode begins with, by paths in its directory (but `facts.yaml` is its `episode.yaml`); empty if the pipeline has no
    /// templates.
    public var episodeTemplates: [(path: String, bytes: [UInt8])] {
        all.filter { $0.key.hasPrefix(Self.episode) }.sorted { $0.key < $1.key }.map {
            (String($0.key.dropFirst(Self.episode.count)), $0.value)
        }
    }

    /// The file in a show's directory in which its own stages stand.
    public static let ownFile = "pipeline.yaml"

    /// Which pipeline a show has taken over; nil if its stages stand in its own directory.
    /// - Throws: `Diagnostic` if it names none that there is.
    public static func named(in show: Node, of shipped: [ShippedPipeline]) throws(Diagnostic) -> ShippedPipeline? {
        guard let node = show["pipeline"], node.value != .null else { return nil }
        guard let name = node.value.string else {
            throw Diagnostic(.badInput, "`pipeline` of the show must be the name of a pipeline, not \(node.kind)", at: node.location)
        }
        if name == ownFile { return nil }
        if let pipeline = shipped.first(where: { $0.name == name }) { return pipeline }
        throw Diagnostic(
            .badInput, "there is no pipeline \"\(name)\"", at: node.location,
            remedy:
                "\(Suggestion.remedy(for: name, in: shipped.map(\.name))); without `pipeline:` the stages stand in \(ownFile) beside "
                    + "show.yaml"
        )
    }
}
