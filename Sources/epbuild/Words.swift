import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpFiles

/// The words of a command line: where, then what.
///
/// Inside an episode, nothing needs to say where. A file of an episode stands for the episode, and a line of it
/// (`script.fountain:57`) for what is made of that line.
struct Words {
    private let words: [String]
    /// True if the first of them may be a command that is misspelt.
    private let mayNameCommand: Bool

    init(_ words: [String], mayNameCommand: Bool = false) {
        self.words = words
        self.mayNameCommand = mayNameCommand
    }

    /// - Throws: `Diagnostic` (usage) if a word stands for nothing.
    func split(_ composition: Composition) async throws -> (places: [EpisodePlace], targets: [Target]) {
        guard !words.contains("") else { throw Discovery.emptyPath }
        let base = composition.setting.directory
        let (paths, rest) = try paths(from: base)
        let places = try composition.episodes(paths)
        var targets: [Target] = []
        for word in rest { targets += try await self.targets(word, in: places, composition) }
        return (places, targets)
    }

    /// Of a command that takes no targets.
    /// - Throws: as above, and for a word that says nothing of where.
    func places(_ composition: Composition) throws -> [EpisodePlace] {
        guard !words.contains("") else { throw Discovery.emptyPath }
        let base = composition.setting.directory
        let (paths, rest) = try paths(from: base)
        if let word = rest.first, Discovery.episode(ofFile: word, from: base) == nil { _ = try Discovery.episodes(at: word, from: base) }
        return try composition.episodes(paths)
    }

    /// The words that say where, and those behind them.
    private func paths(from base: String) throws -> (paths: [String], rest: ArraySlice<String>) {
        guard let first = words.first else { return ([try Self.here(base)], []) }
        let problem: Diagnostic
        do throws(Diagnostic) {
            _ = try Discovery.episodes(at: first, from: base)
            let more = words.dropFirst().prefix { (try? Discovery.episodes(at: $0, from: base)) != nil }
            return ([first] + more, words.dropFirst(1 + more.count))
        } catch {
            problem = error
        }
        if let episode = Discovery.episode(ofFile: first, from: base) { return ([episode], words.dropFirst()) }
        if let line = FileLine(parsing: first), let episode = Discovery.episode(ofFile: line.file, from: base) {
            return ([episode], words[...])
        }
        if mayNameCommand, let command = Self.command(near: first) {
            throw Diagnostic(
                .usage, "there is no command \(first), and no directory of that name", remedy: "did you mean `epbuild \(command)`?")
        }
        if !first.hasPrefix("."), !first.hasPrefix("/"), let episode = Discovery.episode(around: base) { return ([episode], words[...]) }
        throw problem
    }

    /// What a command line without words is about.
    static func here(_ base: String) throws(Diagnostic) -> String {
        if let episode = Discovery.episode(around: base) { return episode }
        do {
            _ = try Discovery.episodes(at: ".", from: base)
            return "."
        } catch {
            if error.code == .badInput { throw error }
            throw Diagnostic(.usage, "which episode?", remedy: "epbuild PATH, where PATH is an episode, a show or a workspace")
        }
    }

    static func command(near word: String) -> String? {
        Suggestion.nearest(to: word, in: Epbuild.configuration.subcommands.map { $0._commandName } + ["help"])
    }

    private func targets(_ word: String, in places: [EpisodePlace], _ composition: Composition) async throws -> [Target] {
        guard let line = FileLine(parsing: word), let place = try Self.place(of: line, among: places, from: composition.setting.directory)
        else {
            let target = Target(parsing: word)
            if let problem = Self.problem(of: word, target, in: places, composition) { throw problem }
            return [target]
        }
        return try await composition.desk().targets(at: line, of: place, from: composition.setting.directory)
    }

    /// What is wrong with a word that names no stage, where it was probably to name an episode; nil: others tell of it.
    private static func problem(of word: String, _ target: Target, in places: [EpisodePlace], _ composition: Composition) -> Diagnostic? {
        let base = composition.setting.directory
        guard Discovery.problem(ofPlace: word, from: base, stages: []) != nil, let builder = try? composition.builder() else { return nil }
        var (stages, seen): ([String], Set<EpisodePlace>) = ([], [])
        for place in places + places.map({ Discovery.show(of: $0) }) where seen.insert(place).inserted {
            // What is wrong with its files, the command itself says.
            guard let names = try? builder.stages(of: place), !names.contains(target.stage) else { return nil }
            stages += names.map(\.text)
        }
        return Discovery.problem(ofPlace: word, from: base, stages: stages)
    }

    /// The episode that a file belongs to; nil if none of them has it.
    private static func place(of line: FileLine, among places: [EpisodePlace], from base: String) throws(Diagnostic) -> EpisodePlace? {
        if let episode = Discovery.episode(ofFile: line.file, from: base),
            let place = places.first(where: { Path($0.directory) == Path(episode) })
        {
            return place
        }
        guard places.count == 1, try Files.status("\(places[0].directory)/\(line.file)") != nil else { return nil }
        return places[0]
    }
}
