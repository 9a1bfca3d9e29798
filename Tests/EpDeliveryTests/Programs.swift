import FoundationEssentials
import Glibc

/// Programs that check what the module writes, each run with a directory of its own.
struct Programs {
    let directory: String

    /// Gives `body` a fresh directory and removes it afterwards.
    static func inDirectory<Result>(_ body: (Programs) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.path() + "/epdelivery-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(Programs(directory: path))
    }

    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(directory)/\(name)"))
    }

    func read(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: "\(directory)/\(name)")))
    }

    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs a program found on the path; status 127 if there is none.
    func run(_ arguments: [String]) throws -> Outcome {
        let id = UUID().uuidString
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "\(directory)/\(id).out", O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "\(directory)/\(id).err", O_WRONLY | O_CREAT, 0o600)
        let shell = ["sh", "-c", "cd \"$0\" && exec \"$@\"", directory] + arguments
        var pointers = shell.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var pid = pid_t()
        guard posix_spawnp(&pid, "sh", &actions, nil, &pointers, environ) == 0 else {
            return Outcome(status: 127, output: "", errors: "sh: not found")
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
        return Outcome(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F),
            output: String(decoding: try read("\(id).out"), as: UTF8.self),
            errors: String(decoding: try read("\(id).err"), as: UTF8.self))
    }

    /// The program is on this machine; else says why a test is skipped.
    static func has(_ program: String) -> Bool {
        let found = (try? inDirectory { try $0.run(["sh", "-c", "command -v \(program)"]).status == 0 }) ?? false
        if !found { print("skipped: \(program) is not on this machine") }
        return found
    }
}

/// Python with parsers from PyPI, in a virtual environment in the temporary directory that later runs use again.
enum Python {
    /// The path of an interpreter that has mutagen, feedparser and markdown-it; nil (with a printed reason) if there cannot be one.
    static let path: String? = {
        let home = FileManager.default.temporaryDirectory.path() + "/epbuild-python-checks-1"
        let python = home + "/bin/python"
        do {
            return try Programs.inDirectory { programs in
                let probe = [python, "-c", "import mutagen, feedparser, markdown_it"]
                if try programs.run(probe).status == 0 { return python }
                for arguments in [
                    ["python3", "-m", "venv", "--clear", home],
                    [python, "-m", "pip", "--quiet", "install", "mutagen==1.47.0", "feedparser==6.0.11", "markdown-it-py==3.0.0"],
                    probe,
                ] {
                    let outcome = try programs.run(arguments)
                    guard outcome.status == 0 else {
                        print("skipped: \(arguments.joined(separator: " ")) failed: \(outcome.errors.suffix(300))")
                        return nil
                    }
                }
                return python
            }
        } catch {
            print("skipped: \(error)")
            return nil
        }
    }()
}
