import EpCore
import EpFiles
import EpPlan
import Glibc

/// Files of a disk as the inputs of a step that nothing stores.
struct DiskInputs: JobInputs {
    let paths: [String: String]
    let known: [String: [UInt8]]

    var labels: [String] { (Array(paths.keys) + Array(known.keys)).sorted() }

    func bytes(_ label: String) throws -> [UInt8] {
        if let bytes = known[label] { return bytes }
        guard let path = paths[label], let bytes = try Files.read(path) else { throw DamagedInput("\(paths[label] ?? label) is gone") }
        return bytes
    }

    /// A file may be large: it is given as a link.
    func copy(_ label: String, to path: String) throws {
        try Files.makeDirectory(above: path)
        if let source = paths[label] {
            guard symlink(source, path) == 0 else { throw Files.unwritable(path) }
        } else {
            try Files.create(path, with: bytes(label), mode: 0o644)
        }
    }
}
