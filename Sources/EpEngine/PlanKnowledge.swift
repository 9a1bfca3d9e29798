import EpCache
import EpCore
import EpPlan

/// What the planner learns during a build: results of finished steps, versions of programs, edits of files.
final class PlanKnowledge: PlanProgress {
    weak var pass: BuildPass?
    var versions: [Program: ProgramVersion]
    /// Programs whose version has been asked for.
    var asked: Set<Program> = []
    let lock: EpisodeLock

    private let cache: DiskCache
    private let sources: SourceFiles

    init(cache: DiskCache, sources: SourceFiles, lock: EpisodeLock, versions: [Program: ProgramVersion]) {
        self.cache = cache
        self.sources = sources
        self.lock = lock
        self.versions = versions
    }

    func output(_ path: String, of step: StepID) -> Digest? {
        // A step that was added a moment ago has no place among the results yet.
        guard let results = pass?.results, step.index < results.count else { return nil }
        return results[step.index]?[path]
    }

    func bytes(_ blob: Digest) throws -> [UInt8] {
        guard let bytes = try cache.bytes(blob) else { throw DamagedInput("blob \(blob.short) is damaged") }
        return bytes
    }

    func version(of program: Program) -> String? { versions[program]?.line }

    func handEdit(of fileName: String, in directory: String) throws -> SourceFile? {
        guard let file = try sources.file("\(directory)/\(fileName)") else { return nil }
        return lock.files[fileName]?.contains(file.digest.hex) == true ? nil : file
    }
}
