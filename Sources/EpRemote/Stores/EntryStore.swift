import EpCore

/// A store that keeps entries as bytes, whatever becomes of them: what makes it a `SigningStore`.
protocol EntryStore: CacheStore, SigningStore {
    var trust: ResultTrust { get }
    /// Nil if there is none.
    func entry(for action: ActionDigest) async throws -> [UInt8]?
    /// Puts an entry in the place of what stands.
    func replace(_ entry: [UInt8], for action: ActionDigest) async throws
}

extension EntryStore {
    public var signing: (any SigningStore)? { self }

    public func result(for action: ActionDigest) async throws -> ActionResult? { try await sharedResult(for: action)?.result }

    @discardableResult
    public func store(_ result: ActionResult, for action: ActionDigest) async throws -> ActionResult? {
        try await store(SharedResult(result), for: action)?.result
    }

    public var signs: Bool { trust.signer != nil }
    public var isGuarded: Bool { !trust.keys.isEmpty }

    public func standing(for action: ActionDigest) async throws -> StandingResult? {
        try await entry(for: action).flatMap { trust.standing($0, for: action) }
    }

    public func sign(_ standing: StandingResult, for action: ActionDigest) async throws {
        guard let signature = trust.signer?.sign(standing.result.meaning(for: action)), !standing.isOwn else { return }
        let (result, contents) = (standing.shared.result, standing.shared.contents)
        try await replace(result.encoded(for: action, signatures: standing.signatures + [signature], contents: contents), for: action)
    }
}

extension ResultTrust {
    /// Those whose signatures can be looked at: who is trusted, and the own one.
    private var known: [TrustedKey] { keys + ([signer?.publicText].compactMap(\.self).compactMap(TrustedKey.init(parsing:))) }

    /// Reads an entry, whoever has signed it; nil for damage.
    func standing(_ bytes: [UInt8], for action: ActionDigest) -> StandingResult? {
        guard !bytes.isEmpty, let entry = try? ResultEntry(encoded: bytes, for: action) else { return nil }
        let meaning = entry.result.meaning(for: action)
        let names = entry.signatures.map { String($0.prefix { $0 != ":" }) }
        let valid = zip(names, entry.signatures).filter { _, signature in known.contains { $0.isValid(signature, of: meaning) } }.map(\.0)
        let forged = names.filter { name in !valid.contains(name) && known.contains { $0.name == name } }
        let voucher: StandingResult.Voucher =
            if !valid.isEmpty { .known(valid) } else if !forged.isEmpty { .forged(forged) } else {
                names.isEmpty ? .nobody : .unknown(names)
            }
        let own = signer?.publicText
        let isOwn =
            own.flatMap(TrustedKey.init(parsing:)).map { key in entry.signatures.contains { key.isValid($0, of: meaning) } } ?? false
        return StandingResult(
            SharedResult(entry.result, contents: entry.contents), signatures: entry.signatures, voucher: voucher, isOwn: isOwn)
    }
}
