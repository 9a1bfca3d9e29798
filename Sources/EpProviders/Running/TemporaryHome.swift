import EpCore
import Glibc

/// An empty directory for one run of a program, removed with this value.
final class TemporaryHome: Sendable {
    let path: String

    init(in parent: String) throws {
        var template = Array("\(parent)/epbuild-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SupervisedProgram.shortage(errno, of: "a directory in \(parent)") }
        path = String(cString: made)
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        if let directory = opendir(path) {
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else { continue }
                let child = "\(path)/\(name)"
                if unlink(child) != 0 { remove(child) }
            }
        }
        rmdir(path)
    }
}
