import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// Runs real programs, above all the one under test: `epbuild` beside the test bundle, or `$EPBUILD_BINARY`.
enum Program {
    struct Outcome: Sendable {
        /// As a shell gives it: 128 and the signal's number if one ended the program.
        let status: Int32
        let output: String
        let errors: String
    }

    static let epbuild: String = {
        if let path = ProcessInfo.processInfo.environment["EPBUILD_BINARY"] { return path }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        let bundle = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        return bundle.prefix(upTo: bundle.lastIndex(of: "/")!) + "/epbuild"
    }()

    static func run(
        _ words: [String], in directory: String, environment: [String: String]
    ) async throws -> Outcome {
        let variables = Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        let files = "\(Temporary.directory)/epbuild-run-\(UUID().uuidString)"
        defer { for end in ["out", "err"] { unlink("\(files).\(end)") } }
        let (out, err) = (try create("\(files).out"), try create("\(files).err"))
        let result = try await Subprocess.run(
            words[0].hasPrefix("/") ? .path(FilePath(words[0])) : .name(words[0]), arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(variables), workingDirectory: FilePath(directory), input: .none,
            output: .fileDescriptor(out, closeAfterSpawningProcess: true), error: .fileDescriptor(err, closeAfterSpawningProcess: true)
        )
        let status: Int32 = switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
        return Outcome(status: status, output: try text("\(files).out"), errors: try text("\(files).err"))
    }

    private static func create(_ path: String) throws -> FileDescriptor {
        try FileDescriptor.open(path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}

enum Temporary {
    static let directory = FileManager.default.temporaryDirectory.path()
}
