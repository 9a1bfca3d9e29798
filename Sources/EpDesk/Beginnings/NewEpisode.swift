public import EpCore
import EpEngine
public import EpFiles
public import EpPlan

/// Where an episode can begin, and what of its show it must fit to.
public struct EpisodeBeginning: Sendable {
    let place: NewPlace
    let show: ShowFacts

    struct ShowFacts: Sendable {
        let author: String
        let speakers: [String]
        /// The number after the largest that an episode has.
        let nextNumber: Int
        let readsScript: Bool
        let readsSources: Bool
        /// What its episodes begin with, by paths: its own templates, or those of the pipeline that it takes over. Empty if there are none.
        let templates: [(path: String, bytes: [UInt8])]

        /// - Parameter template: a directory in the place of the show's templates; nil: those.
        init(_ directory: String, _ pipelines: [ShippedPipeline], template: String?) throws {
            let show = try Node(fileAt: "\(directory)/show.yaml")
            author = show["author"]?.value.string ?? show["title"]?.value.string ?? ""
            let characters = show.value["characters"]?.list ?? []
            let narrators = characters.filter { $0["role"]?.string == "narrator" }
            let others = characters.filter { $0["role"]?.string != "narrator" }
            speakers = (narrators + others).compactMap { $0["name"]?.string }
            let places = (try? Discovery.episodes(at: directory, from: "/")) ?? []
            let numbers = places.compactMap { (try? Node(fileAt: "\($0.directory)/episode.yaml"))?.value["number"]?.number }
            // What is no number that somebody counts to is a mistake of that episode's.
            nextNumber = Int(numbers.filter { (0..<1e9).contains($0) }.max() ?? 0) + 1
            let pipeline = ShowPipeline(of: directory, shipped: pipelines)
            let stages = pipeline.node?.value["stages"]?.members
            readsScript =
                stages?.contains {
                    $0.value["source"]?.string == "script.fountain"
                        || $0.value["output"]?.string == "script.fountain" && $0.value["editable"]?.bool == true
                } ?? false
            readsSources = stages?.contains { $0.value["source"]?.string?.hasPrefix("sources/") ?? false } ?? false
            let own = try Self.templates(in: template ?? "\(directory)/\(NewEpisode.templates)")
            templates = own.isEmpty && template == nil ? pipeline.shipped?.episodeTemplates ?? [] : own
            if let template, templates.isEmpty {
                throw Diagnostic(
                    .usage, "\(template) holds no template",
                    remedy: "name a directory with a \(NewEpisode.facts), in which @title@ stands for the title")
            }
        }

        private static func templates(in directory: String) throws -> [(path: String, bytes: [UInt8])] {
            try Directory.names(directory).sorted().flatMap { name in
                let path = "\(directory)/\(name)"
                if FileStatus(path, followingLink: true)?.isDirectory == true {
                    return try templates(in: path).map { ("\(name)/\($0.path)", $0.bytes) }
                }
                return try Files.read(path).map { [(name, $0)] } ?? []
            }
        }
    }

    /// The number after the largest that an episode of the show has.
    public var nextNumber: Int { show.nextNumber }

    /// True if the show says what its episodes begin with.
    public var hasTemplates: Bool { !show.templates.isEmpty }

    /// - Parameters:
    ///   - path: the episode's directory, in that of its show; made if it is not there.
    ///   - template: a directory in the place of the show's templates, absolute; nil: those.
    ///   - pipelines: those that ship with epbuild.
    ///   - base: the directory that the path is relative to.
    ///   - note: is told what is there already and stays as it is.
    /// - Throws: `Diagnostic` (usage) if no episode can begin there.
    public init(at path: String, from base: String, template: String? = nil, pipelines: [ShippedPipeline], note: (String) -> Void) throws {
        place = NewPlace(path, from: base)
        if let episode = place.parentAncestor(with: "episode.yaml") { throw Diagnostic(.usage, "\(path) lies in the episode \(episode)") }
        guard let directory = place.ancestor(with: "show.yaml") else {
            throw Diagnostic(
                .usage, "\(path) is in no show", remedy: "make one with `epbuild new show DIRECTORY`, then the episode in that directory")
        }
        guard directory != place.directory else {
            throw Diagnostic(
                .usage, "\(path) is a show", remedy: "name a directory in it: epbuild new episode \(ShellWord.quoted(path))/ep001")
        }
        if let name = Path(Path(place.directory).below(directory) ?? "").parts.first(where: Discovery.passesOver) {
            throw Diagnostic(
                .usage, "no build of the show would find \(path): in \(name) nobody looks for episodes", remedy: "choose another name")
        }
        try place.refuseIfThere(["episode.yaml"], note: note)
        show = try ShowFacts(directory, pipelines, template: template)
    }
}

/// An episode that is to be made: what stands in its first files.
public struct NewEpisode: Sendable {
    /// Where a show keeps what its episodes begin with.
    static let templates = "templates/episode"
    /// Its `episode.yaml` there: under that name it would be an episode.
    static let facts = "facts.yaml"

    /// True if a person writes the script; else it is generated from a topic.
    public let isScripted: Bool
    public var title = ""
    public var topic = ""
    /// Nil: the next of the show.
    public var number: Int?
    /// What else is to stand in its `episode.yaml`, or to be filled in by templates.
    public var fields: [Value.Member] = []
    private let beginning: EpisodeBeginning
    private let hasSources: Bool
    private var show: EpisodeBeginning.ShowFacts { beginning.show }

    /// - Throws: `Diagnostic` (usage) if the show's pipeline has no use for such an episode.
    public init(_ beginning: EpisodeBeginning, isScripted: Bool) throws(Diagnostic) {
        self.beginning = beginning
        self.isScripted = isScripted
        hasSources = beginning.place.has("sources")
        let hint = "make a directory with an episode.yaml (title, topic) and what that pipeline reads"
        let show = beginning.show
        if beginning.hasTemplates {
            guard !isScripted else {
                throw Diagnostic(.usage, "episodes of this show begin with its templates, not with a script", remedy: "leave out --script")
            }
            return
        }
        guard isScripted ? show.readsScript : show.readsSources else {
            let file = isScripted ? "script.fountain" : "sources/"
            throw Diagnostic(.usage, "the pipeline of this show reads no \(file)", remedy: hint)
        }
        if isScripted, show.speakers.isEmpty {
            throw Diagnostic(
                .usage, "this show has no characters who could speak", remedy: "give its show.yaml `characters:`, each with a `name`")
        }
    }

    /// Writes its first files.
    /// - Parameters:
    ///   - now: dates it.
    ///   - tell: is told of each file.
    public func write(at now: Moment = .now, tell: (NewFile) -> Void) throws(Diagnostic) {
        try beginning.place.write(files(at: now), tell: tell)
    }

    private func files(at now: Moment) -> [(path: String, text: String)] {
        let number = number ?? show.nextNumber
        if beginning.hasTemplates {
            return Starter.episode(show.templates, fields, title: title, topic: topic, number: number, date: now.localDay)
        }
        let own = Starter.episode(title: title, topic: topic, number: number, date: now.localDay, isStub: isScripted || !hasSources)
        let facts = ("episode.yaml", Starter.laid(fields, over: own))
        if !isScripted { return hasSources ? [facts] : [facts, ("sources/about.md", Starter.source(topic: topic))] }
        let speakers = (show.speakers[0], show.speakers.dropFirst().first ?? show.speakers[0])
        return [facts, ("script.fountain", Starter.script(title: title, author: show.author, date: now.localDay, speakers: speakers))]
    }

    /// What a person does before the first build that counts.
    public var task: String {
        if let first = show.templates.first(where: { $0.path != NewEpisode.facts }) { return "write what it is made of into \(first.path)" }
        if beginning.hasTemplates { return "put what its stages read beside \(beginning.place.shown)/episode.yaml" }
        let isHeard = ", and take `publish: false` out of episode.yaml"
        return isScripted
            ? "write your script.fountain" + isHeard
            : hasSources ? "see what is in sources/" : "write what you know into sources/about.md" + isHeard
    }
}

extension Node {
    /// A file that must be there.
    public init(fileAt path: String) throws {
        guard let bytes = (try? Files.read(path)) ?? nil else {
            throw Diagnostic(.badInput, "\(path) cannot be read", remedy: "check its permissions")
        }
        try self.init(parsing: bytes, file: path)
    }
}
