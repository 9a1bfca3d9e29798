public import EpCore
public import EpFiles
public import EpHTTP
import Glibc
import RemoteAPI
import SwiftProtobuf

/// A cluster that runs programs: the Execution service of the Remote Execution API (REAPI v2).
///
/// What it cannot run is an `ExecutionTrouble`; how a program ended, well or not, is an `ExecutionOutcome`.
public struct ExecutionService: Sendable {
    private typealias Operation = Build_Bazel_Remote_Execution_V2_Operation

    /// Inputs that are sent at once.
    private static let width = 8

    /// As it is known to a person.
    public let name: String
    /// Where its inputs and outputs are.
    let store: GRPCStore
    private let instance: String
    /// For calls that end when something has been done.
    private let channel: GRPCChannel
    private let pause: Pause

    /// - Parameters:
    ///   - address: of a gRPC server.
    ///   - headers: sent with each call, such as an authorization.
    ///   - patience: how long a stream may say nothing before it is opened again: its other end may be gone.
    /// - Throws: a `Diagnostic` for another kind of address.
    public init(
        _ address: RemoteAddress, client: any HTTPClient, headers: HTTPHeaders = [], timeouts: HTTPTimeouts = HTTPTimeouts(),
        patience: Duration = .seconds(60), pause: Pause = .system
    ) throws(Diagnostic) {
        store = try GRPCStore(address, client: client, headers: headers, timeouts: timeouts)
        guard case .grpc(let origin, let instance) = address else { preconditionFailure("the store has looked at the address") }
        (name, self.instance, self.pause) = (address.description, instance, pause)
        var patient = timeouts
        (patient.stall, patient.slowest, patient.total) = (patience, 1, .seconds(86_400))
        channel = GRPCChannel(origin: origin, client: client, headers: headers, timeouts: patient)
    }

    /// What is to be run.
    public struct Order: Sendable {
        /// Its messages are sent where they are missing, and so are its files.
        public let action: EncodedAction
        public let files: [Digest]
        /// Small files of which nobody else has the bytes.
        public let texts: [[UInt8]]
        /// True if it is run, whatever the cluster has kept of earlier runs.
        public var isFresh: Bool

        public init(_ action: EncodedAction, files: [Digest], texts: [[UInt8]] = [], isFresh: Bool) {
            (self.action, self.files, self.texts, self.isFresh) = (action, files, texts, isFresh)
        }
    }

    /// Where an input is on this machine.
    public struct File: Sendable {
        public let path: String
        /// True if it is of no use when it has been sent.
        public let isCopy: Bool

        public init(_ path: String, isCopy: Bool) { (self.path, self.isCopy) = (path, isCopy) }
    }

    /// Runs an action, however often that must be begun.
    /// - Parameters:
    ///   - provide: tells where one of its files is, or writes a verified copy, which is removed.
    ///   - scratch: an empty directory for what is fetched meanwhile.
    ///   - tell: is told of each stage that it reaches.
    /// - Throws: `ExecutionTrouble`, `CancellationError`, and what `provide` throws.
    public func execute(
        _ order: Order, in scratch: String, provide: @escaping @Sendable (Digest) throws -> File,
        tell: @escaping @Sendable (ExecutionProgress) -> Void
    ) async throws -> ExecutionOutcome {
        var (order, course, move) = (order, ExecutionCourse(), ExecutionCourse.first)
        let stream = OperationStream(tell: tell)
        do {
            while true {
                switch move {
                case .giveUp(let trouble): throw trouble
                case .pause(let time, let next):
                    try await pause.wait(time)
                    move = next
                case .upload: move = course.next(after: try await upload(order, provide))
                case .execute, .wait:
                    let end = try await listen(stream, move, order)
                    if let operation = stream.operation, !operation.name.isEmpty { course.hear(of: operation.name) }
                    switch end {
                    case .event(let event): move = course.next(after: event)
                    // A failure is never taken from a cache.
                    case .response(let response) where response.cachedResult && response.result.exitCode != 0 && !order.isFresh:
                        (order.isFresh, move) = (true, .execute)
                    case .response(let response): return try await outcome(response, in: scratch)
                    }
                }
            }
        } catch is CancellationError {
            if let name = stream.name { cancel(name) }
            throw CancellationError()
        }
    }

    /// Fetches a file that a program there has made.
    /// - Returns: false if the cluster does not hand it out.
    /// - Throws: `ExecutionTrouble`, and `Diagnostic` for trouble on this machine.
    public func fetch(_ blob: Digest, to path: String) async throws -> Bool {
        do {
            return try await retrying { try await store.fetch(blob, to: path) }
        } catch let error as RemoteError {
            throw ExecutionTrouble(.unreachable, error.message)
        }
    }
}

/// Inputs.
extension ExecutionService {
    private func upload(_ order: Order, _ provide: @escaping @Sendable (Digest) throws -> File) async throws -> ExecutionCourse.Event {
        do {
            let own = order.action.blobs.map { ($0.digest, $0.bytes) } + order.texts.map { (Digest(of: $0), $0) }
            let messages = Dictionary(own) { first, _ in first }
            let missing = try await store.missing(of: Array(Set(order.files).union(messages.keys)))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, blob) in missing.enumerated() {
                    if number >= Self.width { try await group.next() }
                    group.addTask { try await send(blob, messages[blob], provide) }
                }
                try await group.waitForAll()
            }
            return .uploaded
        } catch let error as RemoteError {
            return ExecutionCourse.Event(error)
        } catch let error as Diagnostic where error.code == .unavailable {
            return .refused(ExecutionTrouble(.unreachable, "cannot be asked: \(error.message)"))
        }
    }

    private func send(_ blob: Digest, _ message: [UInt8]?, _ provide: @Sendable (Digest) throws -> File) async throws {
        if let message { return try await store.store(message, as: blob) }
        let file = try provide(blob)
        defer { if file.isCopy { unlink(file.path) } }
        try await store.store(blob, from: file.path)
    }
}

/// Operations.
extension ExecutionService {
    private enum End {
        case event(ExecutionCourse.Event)
        case response(Build_Bazel_Remote_Execution_V2_ExecuteResponse)
    }

    /// Begins an operation, or listens to one that goes on, until it is done or the stream breaks.
    private func listen(_ stream: OperationStream, _ move: ExecutionCourse.Move, _ order: Order) async throws -> End {
        stream.begin()
        var isWaiting = false
        do {
            if case .wait(let operation) = move {
                isWaiting = true
                try await channel.call(
                    "\(REAPI.package).Execution/WaitExecution",
                    Build_Bazel_Remote_Execution_V2_WaitExecutionRequest.with { $0.name = operation },
                    take: stream.take)
            } else {
                try await channel.call("\(REAPI.package).Execution/Execute", request(order), take: stream.take)
            }
        } catch let status as GRPCStatus {
            // What is done is done, however the stream ended.
            return Self.end(of: stream.operation) ?? .event(ExecutionCourse.Event(status, isWaiting: isWaiting))
        } catch let error as RemoteError {
            return Self.end(of: stream.operation) ?? .event(ExecutionCourse.Event(error))
        } catch let error as Diagnostic where error.code == .unavailable {
            return .event(.refused(ExecutionTrouble(.unreachable, "cannot be asked: \(error.message)")))
        }
        return Self.end(of: stream.operation) ?? .event(.brokeOff(ExecutionTrouble(.unreachable, "ended a stream before it was done")))
    }

    private func request(_ order: Order) -> Build_Bazel_Remote_Execution_V2_ExecuteRequest {
        .with {
            $0.instanceName = instance
            $0.skipCacheLookup = order.isFresh
            $0.actionDigest = .init(order.action.digest.digest)
        }
    }

    /// Nil if it is not done.
    private static func end(of operation: Operation?) -> End? {
        guard let operation, operation.done else { return nil }
        if operation.hasError { return .event(ExecutionCourse.Event(operation.error, "")) }
        guard let response = try? Build_Bazel_Remote_Execution_V2_ExecuteResponse(serializedBytes: operation.response.value) else {
            return .event(.refused(ExecutionTrouble(.failed, "sent what is no ExecuteResponse")))
        }
        return response.status.code == 0 ? .response(response) : .event(ExecutionCourse.Event(response.status, response.message))
    }

    /// Nobody waits for it any more, nor for the answer to this.
    private func cancel(_ operation: String) {
        let question = Build_Bazel_Remote_Execution_V2_CancelOperationRequest.with { $0.name = operation }
        Task.detached { [channel] in
            try? await channel.call("google.longrunning.Operations/CancelOperation", question) { _ in true }
        }
    }
}

/// Outcomes.
extension ExecutionService {
    /// The most that is fetched of what a program has printed, in bytes.
    private static let mostPrinted: Int64 = 4 << 20
    /// The largest list of files of an output directory, in bytes.
    private static let largestTree: Int64 = 64 << 20

    private func outcome(_ response: Build_Bazel_Remote_Execution_V2_ExecuteResponse, in scratch: String) async throws -> ExecutionOutcome {
        let result = response.result
        var listing = OutputListing()
        try listing.add(result.outputFiles)
        for directory in result.outputDirectories {
            guard let digest = directory.treeDigest.digest, digest.size <= Self.largestTree,
                let bytes = try await bytes(of: digest, in: scratch)
            else {
                throw ExecutionTrouble(.failed, "does not tell what is in the output \(directory.path)")
            }
            try listing.add(directory.path, tree: bytes)
        }
        let times = result.executionMetadata
        return ExecutionOutcome(
            exitStatus: result.exitCode, files: listing.files, links: listing.links, emptyDirectories: listing.emptyDirectories,
            errors: try await printed(Array(result.stderrRaw), result.stderrDigest.digest, in: scratch),
            output: try await printed(Array(result.stdoutRaw), result.stdoutDigest.digest, in: scratch), worker: times.worker,
            queued: times.queued, worked: times.worked, isCached: response.cachedResult)
    }

    private func printed(_ raw: [UInt8], _ digest: Digest?, in scratch: String) async throws -> [UInt8] {
        guard raw.isEmpty, let digest else { return raw }
        guard digest.size <= Self.mostPrinted else { return Array("(it has printed \(digest.size) bytes, which are not fetched)\n".utf8) }
        return try await bytes(of: digest, in: scratch) ?? []
    }

    /// Nil if the cluster does not hand it out.
    private func bytes(of blob: Digest, in scratch: String) async throws -> [UInt8]? {
        let path = "\(scratch)/\(blob.hex)"
        guard try await fetch(blob, to: path) else { return nil }
        defer { unlink(path) }
        return try Files.read(path)
    }

    /// What may pass by itself is tried once more.
    private func retrying<Value>(_ operation: () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let error as RemoteError where [.unreachable, .broken, .timedOut].contains(error.kind) {
            try await pause.wait(ExecutionCourse.pause(after: 1))
            return try await operation()
        }
    }
}
