public import EpCore
public import EpFiles
import Synchronization

/// Keeps a remote's trouble away from the build: whatever happens there is a miss, or an upload that is left out.
///
/// - A failure becomes a warning, once per kind. What may pass by itself is tried once more.
/// - After three failures in a row the remote is left alone for the rest of the process, and what is under way is
///   cancelled: a remote that hangs costs one timeout, not one per blob.
/// - What it holds damaged is told of once.
/// - When it refuses (401, 403) or is full (507), nothing more is uploaded.
/// - A result is uploaded only if its blobs were.
///
/// A strict store warns in the same way and then throws: for a person who asked for sharing and nothing else.
/// What fails on this machine is thrown as it is when reading (a full disk), and a warning when uploading.
public struct ResilientStore: CacheStore {
    public var name: String { base.name }
    private let base: any CacheStore
    private let pause: Pause
    private static let retryDelay = Duration.milliseconds(200)
    private let isStrict: Bool
    private var handler: @Sendable (Diagnostic) -> Void
    private let circuit: CircuitBox

    /// - Parameters:
    ///   - uploads: false for a remote that is only read.
    ///   - pause: how time passes before the second attempt.
    ///   - isStrict: throws what would else be a miss, or an upload that is left out.
    ///   - handler: receives the warnings, from any thread.
    public init(
        _ base: any CacheStore, uploads: Bool = true, pause: Pause = .system,
        isStrict: Bool = false, handler: @escaping @Sendable (Diagnostic) -> Void
    ) {
        self.base = base
        self.pause = pause
        self.isStrict = isStrict
        self.handler = handler
        circuit = CircuitBox(Circuit(uploads: uploads))
    }

    /// The same store, whose trouble somebody else is told of; each trouble once, whoever met it.
    public func telling(_ handler: @escaping @Sendable (Diagnostic) -> Void) -> ResilientStore {
        var copy = self
        copy.handler = handler
        return copy
    }

    public var unaskedSize: Int64 { base.unaskedSize }
    public var inlines: Bool { base.inlines }

    /// False when the remote is left alone.
    public var isAvailable: Bool { circuit.value.withLock { $0.allows(.read) } }

    public func result(for action: ActionDigest) async throws -> ActionResult? { try await sharedResult(for: action)?.result }

    public func sharedResult(for action: ActionDigest) async throws -> SharedResult? {
        try await attempt(.read, else: nil) { try await base.sharedResult(for: action) }
    }

    /// - Returns: nil also if nothing was uploaded.
    @discardableResult
    public func store(_ result: ActionResult, for action: ActionDigest) async throws -> ActionResult? {
        try await store(SharedResult(result), for: action)?.result
    }

    public func store(_ shared: SharedResult, for action: ActionDigest) async throws -> SharedResult? {
        guard circuit.unsent.withLock({ $0.isDisjoint(with: shared.blobs) }) else { return nil }
        return try await attempt(.upload, else: nil) { try await base.store(shared, for: action) }
    }

    public func missing(of blobs: [Digest]) async throws -> [Digest] {
        try await attempt(.read, else: blobs) { try await base.missing(of: blobs) }
    }

    public func fetch(_ blob: Digest, to path: String) async throws -> Bool {
        try await attempt(.read, else: false) { try await base.fetch(blob, to: path) }
    }

    public func store(_ blob: Digest, from path: String) async throws {
        let isSent = try await attempt(.upload, else: false) {
            try await base.store(blob, from: path)
            return true
        }
        circuit.unsent.withLock { if isSent { $0.remove(blob) } else { $0.insert(blob) } }
    }
}

extension ResilientStore: SigningStore {
    public var signing: (any SigningStore)? { base.signing == nil ? nil : self }
    public var signs: Bool { base.signing?.signs ?? false }
    public var isGuarded: Bool { base.signing?.isGuarded ?? false }

    public func standing(for action: ActionDigest) async throws -> StandingResult? {
        try await attempt(.read, else: nil) { try await base.signing?.standing(for: action) }
    }

    public func sign(_ standing: StandingResult, for action: ActionDigest) async throws {
        try await attempt(.upload, else: ()) { try await base.signing?.sign(standing, for: action) }
    }
}

extension ResilientStore: LeaseStore {
    public var leases: (any LeaseStore)? { base.leases == nil || !circuit.value.withLock({ $0.allows(.upload) }) ? nil : self }

    /// - Returns: true also if nobody can tell: nobody waits for a store that does not answer.
    public func create(_ lease: [UInt8], at name: LeaseName) async throws -> Bool {
        try await attempt(.upload, else: true) { try await base.leases?.create(lease, at: name) ?? true }
    }

    public func lease(at name: LeaseName) async throws -> [UInt8]? {
        try await attempt(.read, else: nil) { try await base.leases?.lease(at: name) }
    }

    public func renew(_ lease: [UInt8], at name: LeaseName) async throws {
        try await attempt(.upload, else: ()) { try await base.leases?.renew(lease, at: name) }
    }

    public func remove(_ name: LeaseName) async throws {
        try await attempt(.upload, else: ()) { try await base.leases?.remove(name) }
    }
}

extension ResilientStore {
    private func attempt<Value: Sendable>(
        _ use: Circuit.Use, else fallback: Value, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard circuit.value.withLock({ $0.allows(use) }) else { return try otherwise(fallback) }
        do {
            let value = try await circuit.cancellable { try await retrying(operation) }
            circuit.value.withLock { $0.succeeded() }
            reportDoubts()
            return value
        } catch let error as RemoteError {
            report(error, during: use)
        } catch is CancellationError {
            // Either the caller was cancelled, or the circuit opened meanwhile.
            try Task.checkCancellation()
        } catch let error as Diagnostic where error.code == .unavailable {
            if circuit.open() { warn("\(title) is not used: \(error.message)", remedy: error.remedy) }
        } catch let error as Diagnostic where use == .upload {
            warn("not uploaded to \(title): \(error.message)", remedy: error.remedy)
        }
        return try otherwise(fallback)
    }

    private func otherwise<Value>(_ fallback: Value) throws -> Value {
        guard isStrict else { return fallback }
        throw Diagnostic(.remote, "\(title) is not used", severity: .warning)
    }

    private func retrying<Value>(_ operation: @Sendable () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let error as RemoteError where error.kind == .unreachable || error.kind == .broken {
            try await pause.wait(Self.retryDelay)
            return try await operation()
        }
    }

    /// Tells once of each reason for which answers are not used.
    private func reportDoubts() {
        if base.damagedAnswers > 0, circuit.told.withLock({ $0.insert(.damaged).inserted }) {
            warn(
                "\(title) holds data that is damaged or cannot be read, and is not used",
                remedy: goingOn + "check that its address is that of a cache; what is uploaded there replaces what is damaged")
        }
        if base.untrustedAnswers > 0, circuit.told.withLock({ $0.insert(.untrusted).inserted }) {
            warn(
                "\(title) holds results that nobody has signed whom `trust` names; they are not used",
                remedy: goingOn + "add the public key of whoever makes them to `trust`, or have them signed: sign_env")
        }
    }

    private func report(_ error: RemoteError, during use: Circuit.Use) {
        let consequence = circuit.failed(error.kind, during: use)
        if consequence.isNew || consequence.endsUploads {
            let end = consequence.endsUploads ? "; nothing more is uploaded" : ""
            warn("\(title) \(error.message)\(end)", remedy: remedy(for: error.kind))
        }
        if consequence.opens {
            warn(
                "\(title) is left alone for the rest of this run, after \(Circuit.limit) failures in a row",
                remedy: goingOn + "see that it can be reached, or take it out of cache.remotes")
        }
    }

    private var title: String { "the shared cache \(name)" }

    private func warn(_ message: String, remedy: String?) {
        handler(Diagnostic(.remote, message, remedy: remedy, severity: .warning))
    }

    private var goingOn: String { isStrict ? "" : "the build goes on without it; " }

    private func remedy(for kind: RemoteError.Kind) -> String {
        switch kind {
        case .timedOut: goingOn + "see whether the server is overloaded or a firewall is in between"
        case .unreachable: goingOn + "check the url, the network, or the mount"
        case .untrusted: "check the certificate; epbuild trusts the authorities that the system trusts"
        case .denied: "check the credentials that token_env, or user_env and password_env, name; or set push: false"
        case .full: "make room there, or set push: false"
        case .broken: goingOn + "look into the server's log"
        case .unexpected: "check that the url is that of a cache, and not one that is redirected"
        }
    }
}
