import FoundationEssentials
import Glibc

/// A directory where one shell script treats many cases: a process for each would take most of the time.
struct Bench: ~Copyable {
    private let directory = FileManager.default.temporaryDirectory.path() + "/eptext-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(filePath: "\(directory)/\(name)")) }
    func read(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: "\(directory)/\(name)"))) }
    func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

    /// Runs `body` with `$i` from 0 to `count` − 1.
    /// - Returns: the status of the whole.
    func forEach(_ count: Int, _ body: String) throws -> Int32 {
        try write(Array("cd '\(directory)'; i=0; while [ $i -lt \(count) ]; do \(body); i=$((i+1)); done\n".utf8), to: "script")
        return system("LC_ALL=C sh '\(directory)/script' > '\(directory)/log' 2>&1")
    }

    /// The programs are on this machine; else says why a test is skipped.
    static func has(_ programs: String...) -> Bool {
        let missing = programs.filter { system("command -v \($0) > /dev/null") != 0 }
        if !missing.isEmpty { print("skipped: \(missing) not on this machine") }
        return missing.isEmpty
    }
}
