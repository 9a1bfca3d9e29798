import EpCore
import EpFiles
import EpPlan

/// What the last build found out and the next need not: digests of files that look the same still, versions of programs.
struct LastBuild {
    /// Remembered.
    private(set) var files = FileTable()
    /// Programs, with the digests of their files when they were asked.
    private(set) var programs: [(record: Memo.ProgramRecord, digest: Digest)] = []

    /// What it delivered, by the path below `out/`.
    private(set) var delivered: [Path: Digest] = [:]

    /// The last known versions of programs, whether they are still there or not.
    private(set) var versions: [Program: String] = [:]

    static let none = LastBuild()

    private init() {}

    /// - Parameter fingerprint: versions that another epbuild asked for are asked for again.
    init(of place: EpisodePlace, fingerprint: String) throws {
        let path = Builder.memoPath(of: place)
        guard var memo = StateFile.read(path).flatMap(Memo.init(encoded:)) else { return }
        // A file as young as the memo may have changed since without its stat telling: it is read again.
        let written = FileStatus(path, followingLink: true)?.modified ?? .min
        files = memo.files
        // Else the table would be copied.
        memo.files = FileTable()
        files.becomeMemories { $0.stat.modified < written && $0.stat.changed < written }
        versions = Dictionary(memo.programs.map { ($0.program, $0.version) }) { first, _ in first }
        guard memo.fingerprint == fingerprint, memo.directory == place.directory else { return }
        for output in memo.report.outputs {
            if RelativePath.isClean(output), let name = Path(output).below("out"),
                let record = files.remembered(Path("\(place.directory)/\(output)"))
            {
                delivered[Path(name)] = record.digest
            }
        }
        programs = memo.programs.compactMap { record in files.remembered(Path(record.path)).map { (record, $0.digest) } }
    }
}
