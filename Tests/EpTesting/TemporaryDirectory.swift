public import EpCore
import FoundationEssentials
import Glibc

/// A directory of a test's own, removed with it.
public final class TemporaryDirectory: Sendable {
    public let path: String

    public init() {
        var template = Array("/tmp/eptest-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    public func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    public func make(_ name: String) -> String {
        mkdir(self(name), 0o755)
        return self(name)
    }

    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: self(name)))
        return self(name)
    }

    /// Every file below, with its path.
    public func files(below name: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: self(name))) ?? [])
            .filter { isRegularFile(self("\(name)/\($0)")) }
    }
}

public func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

private func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

public func contents(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

/// Random bytes that a seed gives again (splitmix64).
public struct SeededBytes: RandomNumberGenerator {
    private var state: UInt64

    /// Prints the seed, so that a failure can be repeated.
    public init(seed: UInt64 = .random(in: 0 ..< 1_000_000), _ test: String = #function) {
        print("\(test): seed \(seed)")
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count { withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0) } }
        return Array(bytes.prefix(count))
    }
}

/// The address of some action; each text gives another one.
public func action(_ text: String) -> ActionDigest { ActionDigest(Digest(of: Array(text.utf8))) }

public func result(_ outputs: [Digest], servedBy: String = "test") -> ActionResult {
    ActionResult(
        outputs: outputs.enumerated().map { .init(path: "out\($0.offset)", digest: $0.element) }, servedBy: servedBy,
        duration: .milliseconds(12), cost: Cost(microUSD: 34), usage: ["characters": 56])
}
