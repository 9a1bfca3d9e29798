public import EpCore
import FoundationEssentials
import Glibc

/// What every shared cache must do when what it holds is damaged.
public struct DamageConformance {
    let store: any CacheStore
    let directory: TemporaryDirectory
    /// The file in which an entry (`ac`) or a blob (`cas`) is kept.
    let file: (_ space: String, _ digest: Digest) -> String

    public init(store: any CacheStore, directory: TemporaryDirectory, file: @escaping (_ space: String, _ digest: Digest) -> String) {
        (self.store, self.directory, self.file) = (store, directory, file)
    }

    /// - Throws: `Nonconformance`.
    public func check() async throws {
        var random = SeededBytes()
        let bytes = random.bytes(70_000)
        let position = Int.random(in: 0..<bytes.count, using: &random)
        try await heals(bytes, "one bit flipped") { $0?[position] ^= 1 << UInt8(position % 8) }
        try await heals(bytes, "cut short") { $0?.removeLast(position + 1) }
        try await heals(bytes, "emptied") { $0 = [] }
        try await heals(bytes, "gone") { $0 = nil }
        try await heals(bytes, "longer") { $0?.append(0) }
        try await entriesAreVerified(&random)
    }

    private func heals(_ bytes: [UInt8], _ name: String, damage: (inout [UInt8]?) -> Void) async throws {
        let blob = Digest(of: bytes)
        let source = try directory.write(bytes, to: "source")
        try await store.store(blob, from: source)
        var damaged: [UInt8]? = bytes
        damage(&damaged)
        if let damaged { try overwrite(file("cas", blob), with: damaged) } else { unlink(file("cas", blob)) }

        let target = directory("fetched \(name)")
        try await expect("\(name): what is damaged is not handed out") { try await !store.fetch(blob, to: target) }
        try await expect("\(name): it leaves no file") { !exists(target) }
        try await expect("\(name): it counts as missing") { try await store.missing(of: [blob]) == [blob] }
        try await store.store(blob, from: source)
        try await expect("\(name): what is stored again is there") { try await store.fetch(blob, to: target) }
        try await expect("\(name): it is as it was") { try contents(target) == bytes }
    }

    private func entriesAreVerified(_ random: inout SeededBytes) async throws {
        let carried = Array("contents".utf8)
        let blob = Digest(of: carried)
        let good = result([.empty, blob], servedBy: "somebody")
        let encoded = good.encoded(for: action("sealed"), contents: [blob: carried])
        for number in 0..<40 {
            try await store.store(good, for: action("sealed"))
            var bytes = encoded
            switch number {
            case 0: bytes = []
            case 1: bytes = [UInt8](repeating: 0x0a, count: (4 << 20) + 1)
            case 2: bytes.removeLast()
            default: bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1 ... 255, using: &random)
            }
            try overwrite(file("ac", action("sealed").digest), with: bytes)
            let read = try await store.sharedResult(for: action("sealed"))
            // Damage to the metadata's type may hide the seal, as if another client had written the entry; the outputs stand.
            try await expect("a damaged entry (\(number)) is none") { read == nil || read?.result.outputs == good.outputs }
            try await expect("what a damaged entry (\(number)) carries is right") { read?.contents[blob] ?? carried == carried }
        }
    }

    private func overwrite(_ path: String, with bytes: [UInt8]) throws {
        guard exists(path) else { throw Nonconformance("\(path) holds what was stored") }
        try Data(bytes).write(to: URL(filePath: path))
    }
}
