import EpCache
import EpCore
import EpFiles
import Glibc

/// Whether what the last build has looked at is as it was.
extension Memo {
    enum Verdict {
        case upToDate(BuildReport)
        /// Something changed, or the memo does not tell.
        case unknown
    }

    /// Files of another status that are looked into.
    private static let mostChanged = 64

    /// A file whose status does not tell that it is as it was: its contents do.
    fileprivate struct Suspect {
        let path: String
        let digest: Digest
        /// What it has now.
        let status: FileStatus
        /// True if that is what the memo says, too, and as young as the memo.
        let isKnown: Bool
        /// Where the memo says it.
        let position: Int
    }

    /// Checks the memo at `path` against the file system, without reading more than it must.
    /// - Parameter variable: of the environment; nil if it is not set.
    static func check(
        _ path: String, of directory: String, fingerprint: String, clock: WallClock = .system, variable: (String) -> String? = { _ in nil }
    ) -> Verdict {
        guard let bytes = StateFile.read(path), let written = FileStatus(path, followingLink: true)?.modified else { return .unknown }
        var reader = ByteReader(bytes)
        guard reader.isSealed, reader.number() == magic, reader.string() == fingerprint, reader.string() == directory,
            reader.number() == 1, clock.now().wholeSeconds < Int64(bitPattern: reader.number())
        else { return .unknown }
        for _ in 0..<reader.count() {
            let (name, digest) = reader.variable()
            if variable(name).map({ Digest(of: Array($0.utf8)) }) != digest { return .unknown }
        }
        let report = reader.report()
        for _ in 0..<reader.count() {
            for _ in 0..<4 { reader.skipString() }
            _ = reader.number()
            for _ in 0..<reader.count() { reader.skipString() }
        }
        for _ in 0..<reader.count() {
            if reader.withString({ access($0, F_OK) }) == 0 { return .unknown }
        }
        for _ in 0..<reader.count() {
            let stat = reader.withString { FileStatus($0, in: AT_FDCWD) }
            guard let stat, stat == reader.stat(), stat.modified < written, stat.changed < written else { return .unknown }
        }
        var suspects: [Suspect] = []
        guard checkFiles(&reader, written: written, suspects: &suspects), reader.isAtEnd, !reader.isBroken else { return .unknown }
        // Whoever plans hashes what has changed: little is read here that would be read there once more.
        guard suspects.count(where: { !$0.isKnown }) <= mostChanged else { return .unknown }
        // Written again within the same clock tick, a file would look the same: the next build looks into it, too.
        let areYoung = suspects.contains { $0.status.isYoungerThanTick }
        guard suspects.allSatisfy(\.isAsItWas) else { return .unknown }
        if !areYoung { keep(suspects, in: bytes, at: path) }
        return .upToDate(report)
    }

    private static func checkFiles(_ reader: inout ByteReader, written: Int64, suspects: inout [Suspect]) -> Bool {
        var directory: Int32 = -1
        var directoryPath = ""
        defer { close(directory) }
        for _ in 0..<reader.count() {
            if reader.isEmptyString {
                reader.skipString()
            } else {
                if directory >= 0 { close(directory) }
                directoryPath = reader.string()
                directory = open(directoryPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                guard directory >= 0 else { return false }
            }
            let start = reader.position
            guard let stat = reader.withString({ FileStatus($0, in: directory) }) else { return false }
            let position = reader.position
            let known = reader.stat()
            let isSame = stat == known
            guard isSame || stat.mayHoldTheSame(as: known) else { return false }
            if !isSame || stat.modified >= written || stat.changed >= written {
                var again = reader.from(start)
                suspects.append(
                    Suspect(
                        path: "\(directoryPath)/\(again.string())", digest: reader.digest(), status: stat, isKnown: isSame,
                        position: position))
            } else {
                reader.skipDigest()
            }
        }
        return true
    }

    /// Spares the next build to look into files that turned out to be as they were. Where nothing can be written, it looks again.
    private static func keep(_ suspects: [Suspect], in bytes: [UInt8], at path: String) {
        guard !suspects.isEmpty else { return }
        guard suspects.contains(where: { !$0.isKnown }) else {
            utimensat(AT_FDCWD, path, nil, 0)
            return
        }
        var writer = ByteWriter(bytes.dropLast(8))
        for suspect in suspects where !suspect.isKnown { writer.overwrite(suspect.status, at: suspect.position) }
        writer.seal()
        try? Files.replace(path, with: writer.bytes)
    }
}

extension Memo.Suspect {
    /// True if it holds what it held, and nobody writes it just now.
    fileprivate var isAsItWas: Bool {
        (try? FileDigest.compute(path)) == digest && (isKnown || FileStatus(path, followingLink: true) == status)
    }
}

extension FileStatus {
    /// True if it is worth while to look whether a file that was saved, touched or put back holds what it held: a large one takes as long
    /// as a plan.
    fileprivate func mayHoldTheSame(as other: FileStatus) -> Bool {
        isQuicklyRead && other.isRegular && size == other.size && links == other.links
    }
}
