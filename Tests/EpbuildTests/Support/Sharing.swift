import EpCore
import FoundationEssentials

extension Machine {
    /// Names a shared cache in `epbuild.yaml`.
    func share(_ url: String, push: Bool = true, token: String? = nil) throws {
        let credentials = token.map { ", token_env: \($0)" } ?? ""
        try edit("epbuild.yaml") { $0 + "cache: { remotes: [ { url: \(url), push: \(push)\(credentials) } ] }\n" }
    }

    /// SHA-256 of every file that an episode delivers.
    func digests(of episode: String) throws -> [String: String] { try outputs(of: episode).mapValues { Digest(of: $0).hex } }
}

/// A directory for several machines, removed with this value.
final class SharedDirectory {
    let path = "\(Temporary.directory)/epbuild-share-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Whether a file is there, waiting for it for some time.
    func waits(for name: String) async throws -> Bool {
        try await Patience.wait { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    }
}

/// Flips one bit pattern in a file, at a random place.
func flip(_ path: String, _ dice: inout Dice) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    guard !bytes.isEmpty else { return }
    bytes[Int.random(in: 0..<bytes.count, using: &dice)] ^= UInt8.random(in: 1...255, using: &dice)
    // Blobs are read-only: the file is replaced.
    try bytes.write(to: URL(filePath: path), options: .atomic)
}
