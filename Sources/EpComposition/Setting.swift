public import EpCore
import EpFiles
public import EpProviders
import Glibc

/// What the program takes from its surroundings. The one place where the environment is read.
public struct Setting: Sendable {
    /// The working directory.
    public let directory: String
    public let cachePath: String
    /// Where `epbuild` lies, which steps run; nil: this program is it.
    private let program: String?

    /// - Parameter program: where `epbuild` lies, for another program that works with it.
    public init(program: String? = nil) {
        self.program = program
        directory = getcwd(nil, 0).map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        // One that has been removed: nothing is found in it, nor above it.
        } ?? "/proc/self/cwd"
        let home = Self.variable("HOME") ?? "/tmp"
        let base = Self.variable("XDG_CACHE_HOME") ?? "\(home)/.cache"
        let written = Self.variable("EPBUILD_CACHE") ?? "\(base)/epbuild"
        // A shell has replaced it, but not every place where variables are set is a shell.
        let path = written.hasPrefix("~/") ? "\(home)\(written.dropFirst())" : written
        cachePath = path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    /// Another epbuild, or another cache, does not trust a memo.
    public var fingerprint: String {
        var status = stat()
        stat(program ?? "/proc/self/exe", &status)
        return "\(Version.text) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(cachePath)"
    }

    /// Where `epbuild` is.
    public var ownPath: String? { Files.resolved(program ?? "/proc/self/exe") }

    /// A path as it is shown to a person: relative to the working directory, if it is below it.
    public func shown(_ path: String) -> String { Path(path).below(directory) ?? path }

    /// A path that a person has given.
    public func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }

    /// This program's own environment with more variables, as `NAME=value`.
    public static func environment(with more: [String: String]) -> [String] {
        var lines: [String] = []
        var next = environ
        while let pointer = next.pointee {
            let line = String(cString: pointer)
            if more[String(line.prefix { $0 != "=" })] == nil { lines.append(line) }
            next += 1
        }
        return lines + more.map { "\($0)=\($1)" }
    }

    public var temporaryDirectory: String { Self.variable("TMPDIR") ?? "/tmp" }

    /// Where programs are looked for: last of all where `epbuild providers install` puts them.
    public var searchPath: String {
        let path = Self.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        return Installable.all.reduce(path) { "\($0):\(Self.programs(of: $1, below: dataPath))" }
    }

    /// Where the program of an installed one lies.
    /// - Parameter root: where all of them lie.
    public static func programs(of installable: Installable, below root: String) -> String { "\(root)/\(installable.name)/bin" }

    /// What a person keeps of epbuild's for good.
    public var dataPath: String {
        let base = Self.variable("XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        return "\(base ?? "\(Self.variable("HOME") ?? "/tmp")/.local/share")/epbuild"
    }

    /// The person's name: git's, else the system's.
    public static var userName: String {
        if let pipe = popen("git config user.name 2>/dev/null", "r") {
            var line = [CChar](repeating: 0, count: 256)
            let isRead = fgets(&line, 256, pipe) != nil
            pclose(pipe)
            let name = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if isRead, !name.isEmpty { return name }
        }
        return getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "somebody"
    }

    /// The person's key to sign decisions with, from `EPBUILD_SIGNING_KEY`.
    public static func signingKey() throws(Diagnostic) -> SigningKey? { try variable("EPBUILD_SIGNING_KEY").map(SigningKey.init(parsing:)) }

    /// A variable as it is, be it empty; nil if it is not set.
    public static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    public static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
