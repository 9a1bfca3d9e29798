public import EpCore
@testable import EpRemote

/// What every store must do that can tell who vouches for results, whatever somebody who may write to it puts there.
public struct SigningConformance {
    let directory: TemporaryDirectory
    /// The same store for somebody who signs by a key and takes what some have signed.
    let open: (_ signer: SigningKey?, _ trust: [SigningKey]) throws -> any CacheStore

    private let studio = SigningKey(newNamed: "studio")
    private let stranger = SigningKey(newNamed: "stranger")

    public init(directory: TemporaryDirectory, open: @escaping (_ signer: SigningKey?, _ trust: [SigningKey]) throws -> any CacheStore) {
        (self.directory, self.open) = (directory, open)
    }

    /// - Throws: `Nonconformance`.
    public func check() async throws {
        let (plain, signing, guarded) = (try open(nil, []), try open(studio, []), try open(studio, [studio]))
        let (mine, other) = (try await sound([1, 2, 3], in: plain), try await sound([4, 5, 6], in: plain))
        try await signsWhatStands(mine, plain, signing, guarded)
        try await refuses(mine, other, plain, guarded)
    }

    private func sound(_ bytes: [UInt8], in store: any CacheStore) async throws -> ActionResult {
        let blob = Digest(of: bytes)
        try await store.store(blob, from: directory.write(bytes, to: "sound \(blob.short)"))
        return result([blob])
    }

    private func voucher(_ name: String, _ store: any CacheStore) async throws -> StandingResult.Voucher? {
        guard let signing = store.signing else { throw Nonconformance("it can be seen who vouches for results") }
        return try await signing.standing(for: action(name))?.voucher
    }

    private func signsWhatStands(
        _ mine: ActionResult, _ plain: any CacheStore, _ signing: any CacheStore, _ guarded: any CacheStore
    ) async throws {
        try await plain.store(mine, for: action("line"))
        try await expect("nobody has signed it") { try await voucher("line", signing) == .nobody }
        try await expect("what nobody has signed is a miss") { try await guarded.result(for: action("line")) == nil }
        guard let standing = try await signing.signing?.standing(for: action("line")) else { throw Nonconformance("what stands is found") }
        try await signing.signing?.sign(standing, for: action("line"))
        try await expect("it is signed now") { try await voucher("line", signing) == .known(["studio"]) }
        try await expect("whoever trusts the key takes it") { try await guarded.result(for: action("line")) == mine }
        try await expect("who trusts another key does not") { try await open(nil, [stranger]).result(for: action("line")) == nil }
        try await expect("who trusts anyone does") { try await plain.result(for: action("line")) == mine }
        // A second key signs beside the first: that is how keys are changed.
        let second = try open(stranger, [])
        guard let signed = try await second.signing?.standing(for: action("line")) else { throw Nonconformance("what is signed is found") }
        try await second.signing?.sign(signed, for: action("line"))
        try await expect("both have signed it") { try await open(nil, [stranger]).result(for: action("line")) == mine }
        try await expect("the first one's signature stays") { try await guarded.result(for: action("line")) == mine }
        if plain.inlines { try await signsWhatIsCarried(plain, signing, guarded) }
        try await expect("nothing stands where nothing was put") { try await voucher("nothing", signing) == nil }
    }

    private func signsWhatIsCarried(_ plain: any CacheStore, _ signing: any CacheStore, _ guarded: any CacheStore) async throws {
        let small = Digest(of: [7])
        let carried = SharedResult(result([small]), contents: [small: [7]])
        try await expect("an output may come with its result") { try await plain.store(carried, for: action("carried")) == nil }
        guard let standing = try await signing.signing?.standing(for: action("carried")) else { throw Nonconformance("what stands is found") }
        try await signing.signing?.sign(standing, for: action("carried"))
        try await expect("what is signed keeps its contents") { try await guarded.sharedResult(for: action("carried")) == carried }
    }

    /// A store that lies: each entry is whole, and its blobs are there.
    private func refuses(_ mine: ActionResult, _ other: ActionResult, _ plain: any CacheStore, _ guarded: any CacheStore) async throws {
        let good = studio.sign(mine.meaning(for: action("good")))
        let forged = SigningKey(newNamed: "studio")
        let lies: [(name: String, result: ActionResult, signatures: [String], voucher: StandingResult.Voucher)] = [
            ("unsigned", mine, [], .nobody),
            ("of another action", mine, [good], .forged(["studio"])),
            ("of other outputs", other, [studio.sign(mine.meaning(for: action("of other outputs")))], .forged(["studio"])),
            ("by an unknown key", mine, [stranger.sign(mine.meaning(for: action("by an unknown key")))], .unknown(["stranger"])),
            (
                "by another key of the name", mine, [forged.sign(mine.meaning(for: action("by another key of the name")))],
                .forged(["studio"])
            ),
            ("cut off", mine, [String(studio.sign(mine.meaning(for: action("cut off"))).dropLast(9))], .forged(["studio"])),
            ("garbage", mine, ["", ":", "studio:", "studio:????", String(repeating: "x", count: 10_000)], .forged(["studio", "studio"])),
            (
                "another cost", ActionResult(outputs: mine.outputs, servedBy: mine.servedBy),
                [studio.sign(mine.meaning(for: action("another cost")))], .forged(["studio"])
            ),
        ]
        for lie in lies {
            // Whoever may write can put any entry there.
            guard let store = plain as? any EntryStore else { throw Nonconformance("its entries can be written") }
            try await store.replace(lie.result.encoded(for: action(lie.name), signatures: lie.signatures), for: action(lie.name))
            try await expect("a result \(lie.name) is a miss") { try await guarded.result(for: action(lie.name)) == nil }
            try await expect("a result \(lie.name) is told as such") { try await voucher(lie.name, guarded) == lie.voucher }
            // It gives way to what somebody makes who is trusted.
            try await expect("a result \(lie.name) is replaced") { try await guarded.store(mine, for: action(lie.name)) == nil }
            try await expect("what replaces a result \(lie.name) stands") { try await guarded.result(for: action(lie.name)) == mine }
        }
        try await expect("what is not taken for want of a signature is counted as such") {
            guarded.untrustedAnswers >= lies.count && guarded.damagedAnswers == 0
        }
    }
}
