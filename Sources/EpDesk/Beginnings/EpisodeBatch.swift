public import EpCore
public import EpFiles
public import EpPlan

/// The episodes of a list, each to be made in a directory of its own below the show.
public struct EpisodeBatch: Sendable {
    private let episodes: [NewEpisode]

    /// - Parameters:
    ///   - show: the show's directory.
    ///   - template: a directory in the place of the show's templates; nil: those.
    ///   - note: is told what is there already and stays as it is.
    /// - Throws: `Diagnostic` if one of them cannot be made; then none is.
    public init(
        _ list: EpisodeList, in show: String, from base: String, template: String?, pipelines: [ShippedPipeline], note: (String) -> Void
    ) throws {
        var taken: [String: SourceLocation] = [:]
        var episodes: [NewEpisode] = []
        var number: Int?
        for row in list.rows {
            let title = row.text("title") ?? row.text("topic") ?? ""
            let name = row.text(EpisodeList.directory) ?? Self.name(row.text("number"), title)
            guard RelativePath.isClean(name) else {
                throw Diagnostic(
                    .badInput, "\"\(name)\" cannot be the directory of an episode", at: row.location,
                    remedy: "give it a `directory` of letters and digits")
            }
            if let first = taken[name] {
                throw Diagnostic(
                    .badInput, "the episode of line \(first.line) would lie in \(name), too", at: row.location,
                    remedy: "give one of them another `directory`")
            }
            taken[name] = row.location
            let beginning: EpisodeBeginning
            do {
                beginning = try EpisodeBeginning(at: "\(show)/\(name)", from: base, template: template, pipelines: pipelines, note: note)
            } catch let problem as Diagnostic {
                throw problem.location == nil
                    ? Diagnostic(problem.code, problem.message, at: row.location, remedy: problem.remedy) : problem
            }
            var episode = try NewEpisode(beginning, isScripted: false)
            (episode.title, episode.topic) = (title, row.text("topic") ?? title)
            number = row.text("number").flatMap { Int($0) } ?? number.map { $0 + 1 } ?? beginning.nextNumber
            episode.number = number
            episode.fields = row.fields.filter { ![EpisodeList.directory, "title", "topic", "number"].contains($0.key) }
            episodes.append(episode)
        }
        self.episodes = episodes
    }

    /// `007-how-bees-find-their-way`
    private static func name(_ number: String?, _ title: String) -> String {
        let slug = FileName.slug(title, atMost: 60) ?? "episode"
        guard let number, let value = Int(number) else { return slug }
        return "\(String(repeating: "0", count: max(0, 3 - String(value).count)))\(value)-\(slug)"
    }

    public var count: Int { episodes.count }

    /// Writes the first files of all.
    /// - Parameter tell: is told of each file.
    public func write(at now: Moment = .now, tell: (NewFile) -> Void) throws(Diagnostic) {
        for episode in episodes { try episode.write(at: now, tell: tell) }
    }
}
