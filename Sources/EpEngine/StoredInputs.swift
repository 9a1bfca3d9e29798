import EpCache
import EpCore
import EpFiles
import EpPlan
import Glibc

/// The inputs of one step, verified as they are read.
struct StoredInputs: JobInputs {
    private struct Entry {
        let source: ArtifactSource
        let digest: Digest
        let isExecutable: Bool
    }

    private let entries: [Path: Entry]
    private let cache: DiskCache

    init(_ resolved: ResolvedStep, _ cache: DiskCache) {
        entries = Dictionary(zip(resolved.step.inputs, resolved.inputs).map { input, digest in
            (Path(input.label), Entry(source: input.source, digest: digest, isExecutable: resolved.isExecutable(input)))
        }) { first, _ in first }
        self.cache = cache
    }

    var labels: [String] { entries.keys.sorted().map(\.text) }

    func bytes(_ label: String) throws -> [UInt8] {
        guard let entry = entries[Path(label)] else { throw StepFailure(Diagnostic(.actionFailed, "there is no input \"\(label)\"")) }
        switch entry.source {
        case .literal(let bytes): return bytes
        case .file(let file):
            guard let bytes = try Files.read(file.path), Digest(of: bytes) == entry.digest else {
                throw DamagedInput("\(file.shown) changed during the build")
            }
            return bytes
        case .output:
            guard let bytes = try cache.bytes(entry.digest) else { throw DamagedInput("blob \(entry.digest.short) is damaged") }
            return bytes
        }
    }

    /// Inputs up to this size are read into memory at once, in bytes.
    private static let smallInput: Int64 = 4 << 20

    func reader(_ label: String) throws -> any RandomAccessBytes {
        guard let entry = entries[Path(label)], entry.digest.size > Self.smallInput else { return try bytes(label) }
        switch entry.source {
        case .literal(let bytes): return bytes
        case .file(let file):
            guard let opened = try VerifiedFile(reading: file.path), opened.digest == entry.digest else {
                throw DamagedInput("\(file.shown) changed during the build")
            }
            return opened
        case .output:
            guard let opened = try cache.open(entry.digest) else { throw DamagedInput("blob \(entry.digest.short) is damaged") }
            return opened
        }
    }

    func copy(_ label: String, to path: String) throws {
        guard let entry = entries[Path(label)] else { return }
        switch entry.source {
        case .output:
            guard try cache.copyOut(entry.digest, to: path, executable: entry.isExecutable) else {
                throw DamagedInput("blob \(entry.digest.short) is damaged")
            }
        case .file(let file):
            guard try DiskCache.copy(file.path, to: path, executable: entry.isExecutable, expecting: entry.digest) else {
                throw DamagedInput("\(file.shown) changed during the build")
            }
        case .literal(let bytes):
            if label.contains("/") { try Files.makeDirectory(above: path) }
            try Files.create(path, with: bytes, mode: entry.isExecutable ? 0o755 : 0o644)
        }
    }
}
