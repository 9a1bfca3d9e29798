public import EpCache
public import EpCore
public import EpDelivery
import EpEngine
import EpExecution
import EpFiles
public import EpPlan
public import EpProviders
import EpTools

/// What measures finished files on this machine, and listens to spoken lines.
public struct Examiner: Sendable {
    let runner: any StepRunner
    let vendors: Vendors
    /// Keeps what was heard in a sound, so that it is listened to once.
    let cache: DiskCache
    let temporaryDirectory: String

    /// - Parameters:
    ///   - runner: runs programs, and built-in steps of `tool: tts`.
    ///   - vendors: those who may listen are among them.
    public init(_ runner: any StepRunner, vendors: Vendors, cache: DiskCache, temporaryDirectory: String) {
        (self.runner, self.vendors, self.cache, self.temporaryDirectory) = (runner, vendors, cache, temporaryDirectory)
    }
}

/// What was found of one thing that was checked.
public struct CheckAnswer: Sendable {
    /// As the person names it: a file, a feed, or the episode whose lines were listened to.
    public let name: String
    public let findings: [Finding]

    /// As `check --json` gives it.
    public var value: Value { .object([.init("file", .string(name))] + (findings.value.members ?? [])) }
}

/// One thing that is to be checked.
public struct Examination: Sendable {
    enum Subject: Sendable {
        /// A sound or a film, and what lies beside it.
        case media(FileCheck.File, beside: [FileCheck.File])
        case feed(FinishedFeed)
        case lines(HeardLines)
    }

    let subject: Subject
    /// Nil: those that a file of its kind is made for.
    let platforms: [Platform]?
    let examiner: Examiner

    /// Measures it, or listens to it. Nothing is changed.
    /// - Parameter say: is told what is done meanwhile.
    /// - Throws: `Diagnostic` if a program is missing or a file cannot be read, `StepFailure` if a program fails.
    public func answer(say: (String) -> Void = { _ in }) async throws -> CheckAnswer {
        switch subject {
        case .media(let file, let others):
            let home = try TemporaryHome(in: examiner.temporaryDirectory)
            let check = FileCheck(examiner.runner) { DiskInputs(paths: $0, known: $1) }
            let findings = try await check.findings(
                file, beside: others, in: home.path, for: platforms ?? FileCheck.platforms(for: file.name))
            return CheckAnswer(name: file.name, findings: findings)
        case .feed(let feed): return CheckAnswer(name: feed.name, findings: try feed.findings(for: platforms))
        case .lines(let lines): return CheckAnswer(name: lines.shown, findings: try await lines.findings(say: say))
        }
    }
}

extension Desk {
    /// What there is to check at some paths: sounds and films, then feeds, then spoken lines. Nothing is read yet.
    /// - Parameters:
    ///   - paths: episodes, shows, workspaces, or a sound, a film or a feed of any origin, as a person names them.
    ///   - platforms: for whom; nil: those that a file of its kind is made for.
    ///   - listens: whether every spoken line of the episodes is listened to, too.
    /// - Throws: `Diagnostic` (usage) if a path is nothing of that, or its episode has delivered nothing yet.
    public func examinations(
        of paths: [String], for platforms: [Platform]? = nil, listens: Bool = false, by examiner: Examiner
    ) throws -> [Examination] {
        let places = paths.filter { !FinishedFeed.isNamed($0) }
        let media = try places.flatMap { try finished(at: $0) }.flatMap { finished in
            finished.media.map { Examination.Subject.media($0, beside: finished.beside($0)) }
        }
        let feeds = try paths.flatMap { try self.feeds(at: $0) }.map(Examination.Subject.feed)
        let spoken = listens ? try episodes(at: places.filter { !isFile($0) }) : []
        let lines = spoken.map { Examination.Subject.lines(HeardLines(of: $0, shown: builder.shown($0), self, examiner)) }
        return (media + feeds + lines).map { Examination(subject: $0, platforms: platforms, examiner: examiner) }
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(builder.shownFrom)/\(path)" }

    /// True for what is there and is no directory.
    private func isFile(_ path: String) -> Bool { FileStatus(absolute(path), followingLink: true)?.isDirectory == false }

    /// Every episode that the paths stand for, each once.
    private func episodes(at paths: [String]) throws -> [EpisodePlace] {
        var seen: Set<EpisodePlace> = []
        return Discovery.inOrder(
            try paths.flatMap { try Discovery.episodes(at: $0, from: builder.shownFrom, warn: warn) }.filter { seen.insert($0).inserted })
    }

    private func finished(at path: String) throws -> [FinishedEpisode] {
        if isFile(path) { return [try FinishedEpisode(file: path, at: absolute(path))] }
        return try episodes(at: [path]).map { try FinishedEpisode(of: $0, shown: builder.shown($0)) }
    }

    /// The feed that a path names; else those of the shows that it stands for.
    private func feeds(at path: String) throws -> [FinishedFeed] {
        let absolute = absolute(path)
        if FinishedFeed.isNamed(path) { return [FinishedFeed(path, at: absolute)] }
        guard FileStatus(absolute, followingLink: true)?.isDirectory == true else { return [] }
        var seen: Set<String> = []
        return try episodes(at: [path]).compactMap { place in
            // Of an episode that is named alone, nobody asks after its show.
            let feed = "\(place.show)/out/feed.xml"
            guard place.directory != absolute, seen.insert(feed).inserted, FileStatus(feed, followingLink: true)?.isRegular == true else {
                return nil
            }
            return FinishedFeed(Path(feed).below(builder.shownFrom) ?? feed, at: feed)
        }
    }
}
