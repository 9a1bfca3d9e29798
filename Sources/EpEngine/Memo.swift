import EpCore
import EpFiles
import EpPlan
import Glibc

/// What the last build has looked at, so that the next one can tell by a few `stat`s that nothing changed.
///
/// A file whose time stamp is as young as the memo is hashed again, as it may have been changed within the
/// file system's clock tick after it was read (the rule that git uses for its index).
struct Memo {
    struct ProgramRecord {
        let program: Program
        /// Where it was found; its stat is among the files.
        let path: String
        let version: String
    }

    /// Which epbuild with which cache wrote it.
    var fingerprint = ""
    /// The episode that it is about. A copy of the workspace has copies of the memos, which say nothing of its own files.
    var directory = ""
    /// False if the last build did not finish everything: then only the digests are of use.
    var isUpToDate = false
    /// When something is to be planned anew though no file changes: seconds since 1970. Nil: never.
    var validUntil: Int64?
    /// Those that are there.
    var files = FileTable()
    var absent: [String] = []
    var directories: [(path: String, stat: FileStatus)] = []
    var programs: [ProgramRecord] = []
    /// Variables of the environment that programs are given, with the digests of what they had; nil: they were not set.
    var variables: [(name: String, digest: Digest?)] = []
    /// What an up-to-date build has to say.
    var report = BuildReport(episode: "")
}

extension Memo {
    static let magic: UInt64 = 0x3031_4f4d_454d_5045  // "EPMEMO10"

    /// Replaces the memo at a path.
    func write(to path: String, discardingInto pile: DiscardPile = DiscardPile()) throws {
        try Files.replace(path, discardingInto: pile) { (file: inout SealedFile) throws in
            try encode { piece in try file.append { $0.append(piece) } }
        }
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        encode { bytes += $0 }
        var writer = ByteWriter(bytes)
        writer.seal()
        return writer.bytes
    }

    /// - Parameter append: is given one piece after the other: there may be very many files.
    private func encode(_ append: ([UInt8]) throws -> Void) rethrows {
        var writer = ByteWriter()
        writer.write(Self.magic)
        writer.write(fingerprint)
        writer.write(directory)
        writer.write(isUpToDate ? 1 : 0)
        writer.write(UInt64(bitPattern: validUntil ?? .max))
        writer.write(UInt64(variables.count))
        for (name, digest) in variables {
            writer.write(name)
            writer.write(digest == nil ? 0 : 1)
            if let digest { writer.write(digest) }
        }
        writer.write(report)
        writer.write(UInt64(programs.count))
        for record in programs {
            [record.program.name, record.program.package, record.path, record.version].forEach { writer.write($0) }
            writer.write(record.program.answer == .list ? 1 : 0)
            writer.write(UInt64(record.program.versionArguments.count))
            record.program.versionArguments.forEach { writer.write($0) }
        }
        writer.write(UInt64(absent.count))
        absent.forEach { writer.write($0) }
        writer.write(UInt64(directories.count))
        for directory in directories {
            writer.write(directory.path)
            writer.write(directory.stat)
        }
        writer.write(UInt64(files.count))
        try append(writer.bytes)
        try encodeFiles(append)
    }

    /// Files in the order of their directories, so that each directory is opened once when they are checked.
    private func encodeFiles(_ append: ([UInt8]) throws -> Void) rethrows {
        var current = ""
        for (path, record) in files.sorted {
            var writer = ByteWriter()
            writer.reserve(256)
            let path = path.text
            let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
            let directory = String(path[..<slash])
            writer.write(directory == current ? "" : directory)
            current = directory
            writer.write(String(path[path.utf8.index(after: slash)...]))
            writer.write(record.stat)
            writer.write(record.digest)
            try append(writer.bytes)
        }
    }

    init?(encoded bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard reader.isSealed, reader.number() == Self.magic else { return nil }
        fingerprint = reader.string()
        directory = reader.string()
        isUpToDate = reader.number() == 1
        let moment = Int64(bitPattern: reader.number())
        validUntil = moment == .max ? nil : moment
        variables = reader.list { $0.variable() }
        report = reader.report()
        programs = reader.list { reader in
            let texts = (0..<4).map { _ in reader.string() }
            let answer: Program.Answer = reader.number() == 1 ? .list : .version
            let arguments = reader.list { $0.string() }
            return ProgramRecord(
                program: Program(texts[0], versionArguments: arguments, package: texts[1], answer: answer), path: texts[2],
                version: texts[3])
        }
        absent = reader.list { $0.string() }
        directories = reader.list { ($0.string(), $0.stat()) }
        files = reader.files()
        guard reader.isAtEnd, !reader.isBroken else { return nil }
    }
}

extension ByteReader {
    mutating func variable() -> (name: String, digest: Digest?) {
        let name = string()
        return (name, number() == 1 ? digest() : nil)
    }

    fileprivate mutating func files() -> FileTable {
        let count = count()
        var (files, directory) = (FileTable(room: count), "")
        for _ in 0..<count where !isBroken {
            let next = string()
            if !next.isEmpty { directory = next }
            files["\(directory)/\(string())"] = SourceFiles.Record(stat: stat(), digest: digest())
        }
        return files
    }
}
