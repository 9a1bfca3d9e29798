import FoundationEssentials
import Glibc
import Testing

/// A machine of its own: a home, a cache and a copy of the workspace `Episodes/`, removed when the test ends.
final class Machine: Sendable {
    static let moon = "olivers-workshop/ep002-why-the-moon-changes-shape"
    static let rockets = "olivers-workshop/ep001-how-rockets-work"
    static let letters = "letters/letter-to-the-sea"

    let directory = "\(Temporary.directory)/epbuild-e2e-\(getpid())-\(UUID().uuidString)"
    var workspace: String { "\(directory)/Episodes" }
    var cache: String { "\(directory)/cache" }

    /// A fresh clone; the Moon episode is cut down to its first 12 lines.
    /// - Parameter isDisclosed: episodes say that their voices are synthetic, as they do where they are shipped.
    init(isDisclosed: Bool = false) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let root = #filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound)
        try files.copyItem(atPath: "\(root)/Episodes", toPath: workspace)
        // What a developer's own builds have left in the repository is not part of a clone.
        for made in [".epbuild", "\(Self.rockets)/script.fountain", "\(Self.rockets)/outline.yaml", "olivers-workshop/out"] { remove(made) }
        for episode in [Self.moon, Self.rockets, Self.letters] { for made in ["out", "episode.lock"] { remove("\(episode)/\(made)") } }
        try edit("\(Self.moon)/script.fountain") { $0.shortened(toLines: 61) }
        // Who speaks on a test's machine does not depend on what is installed there.
        try edit("olivers-workshop/show.yaml") { text in
            text.replacing(/\ {6}- \{ provider: (hibari|piper),.*\n/, with: "").replacing(/voice:\n {6}- \{/, with: "voice: {")
        }
        guard !isDisclosed else { return }
        try edit("olivers-workshop/show.yaml") {
            $0.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("disclosure:") }.joined(separator: "\n")
        }
    }

    /// A copy of the machine as it is now.
    init(copying other: Machine) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try files.copyItem(atPath: other.workspace, toPath: workspace)
        if files.fileExists(atPath: other.cache) { try files.copyItem(atPath: other.cache, toPath: cache) }
        remove(".epbuild")
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// A machine that has built the short Moon episode. It is built once; each test gets a copy.
    static func withMoonBuilt() async throws -> Machine {
        let machine = try Machine(copying: await builtOnce.value)
        // The memo is of another path: the first build here reads everything, and runs nothing.
        try await machine.build(moon).expect(executed: 0)
        return machine
    }

    private static let builtOnce = Task {
        let machine = try Machine()
        try await machine.build(moon).expect(.built)
        atexit { try? Temporary.removeMachines() }
        return machine
    }

    // MARK: running

    func environment(_ more: [String: String] = [:]) -> [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return ["PATH": path, "HOME": directory, "EPBUILD_CACHE": cache, "TMPDIR": Temporary.directory].merging(more) { $1 }
    }

    @discardableResult
    func run(_ words: String..., environment more: [String: String] = [:]) async throws -> Program.Outcome {
        try await Program.run([Program.epbuild] + words, in: workspace, environment: environment(more))
    }

    func build(_ words: String..., environment more: [String: String] = [:]) async throws -> Build {
        Build(try await Program.run([Program.epbuild, "build"] + words + ["--json"], in: workspace, environment: environment(more)))
    }

    // MARK: files

    func read(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: "\(workspace)/\(path)"))) }
    func text(_ path: String) throws -> String { String(decoding: try read(path), as: UTF8.self) }

    /// Saves as editors do: whole, in place of what was there, so that nobody sees half of it.
    func write(_ bytes: [UInt8], to path: String) throws {
        let saved = "\(directory)/save-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: saved))
        guard rename(saved, "\(workspace)/\(path)") == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func remove(_ path: String) { try? FileManager.default.removeItem(atPath: "\(workspace)/\(path)") }

    func edit(_ path: String, _ change: (String) -> String) throws {
        try write(Array(change(text(path)).utf8), to: path)
    }

    /// Replaces the first occurrence, which must be there.
    func replace(_ old: String, with new: String, in path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try edit(path) { text in
            guard let range = text.firstRange(of: old) else {
                Issue.record("\(path) does not contain \(old)", sourceLocation: sourceLocation)
                return text
            }
            return text.replacingCharacters(in: range, with: new)
        }
    }

    /// Every file below a directory of the machine, sorted, relative to it.
    func files(below path: String) -> [String] {
        let found = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
        return found.filter {
            var isDirectory = false
            return FileManager.default.fileExists(atPath: "\(path)/\($0)", isDirectory: &isDirectory) && !isDirectory
        }.sorted()
    }

    /// How many results lie in the cache, without the person's files, which are stored beside the last of them.
    var storedResults: Int {
        files(below: "\(cache)/ac").count { entry in
            let bytes = (try? Data(contentsOf: URL(filePath: "\(cache)/ac/\(entry)"))) ?? Data()
            return !String(decoding: bytes, as: UTF8.self).contains("files/episode/")
        }
    }

    /// What an episode delivers: name → bytes. The record of it is none of it.
    func outputs(of episode: String) throws -> [String: [UInt8]] {
        let names = files(below: "\(workspace)/\(episode)/out").filter { $0 != ".delivered" }
        return Dictionary(uniqueKeysWithValues: try names.map { ($0, try read("\(episode)/out/\($0)")) })
    }
}

/// One `build --json`, to be asked about.
struct Build {
    enum Outcome: String { case built, upToDate, failed, waiting, interrupted }

    let outcome: Program.Outcome
    init(_ outcome: Program.Outcome) { self.outcome = outcome }

    var report: Report { get throws { try Report(outcome.output) } }

    /// - Parameters:
    ///   - executed: how many actions in all.
    ///   - stages: how many of some stages; those not named are free.
    @discardableResult
    func expect(
        _ expected: Outcome? = nil, executed: Int? = nil, _ stages: [String: Int] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Build {
        let what = Comment(rawValue: outcome.output + outcome.errors)
        #expect(outcome.status == (expected == .waiting ? 75 : 0), what, sourceLocation: sourceLocation)
        let report = try report
        if let expected { #expect(report.outcome == expected.rawValue, what, sourceLocation: sourceLocation) }
        if let executed { #expect(report.actions.executed == executed, what, sourceLocation: sourceLocation) }
        for (stage, count) in stages {
            try #require(report.stages[stage] != nil || count == 0, what, sourceLocation: sourceLocation)
            #expect(report.executed(stage) == count, "\(stage): \(what)", sourceLocation: sourceLocation)
        }
        return self
    }
}

extension StringProtocol {
    func shortened(toLines count: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).prefix(count).joined(separator: "\n") + "\n"
    }
}

extension String {
    func replacingCharacters(in range: Range<Index>, with new: String) -> String {
        self[..<range.lowerBound] + new + self[range.upperBound...]
    }
}

extension Temporary {
    /// The machine that all tests copy is never let go: it is removed when the program ends.
    static func removeMachines() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name.hasPrefix("epbuild-e2e-\(getpid())-") {
            try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
        }
    }
}
