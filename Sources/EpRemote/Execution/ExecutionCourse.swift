import EpCore

/// What is to be done next after each thing that can happen to an execution on a cluster.
///
/// A value without I/O: whoever drives it asks for the next move, makes it, and tells what came of it.
struct ExecutionCourse {
    indirect enum Move: Equatable, Sendable {
        /// Ask which inputs are missing there, and send those.
        case upload
        case execute
        /// Listen to an operation that goes on.
        case wait(operation: String)
        case pause(Duration, then: Move)
        case giveUp(ExecutionTrouble)
    }

    /// What came of a move, where it did not end with an outcome.
    enum Event: Equatable {
        case uploaded
        /// The stream ended, or no answer came, before it was done.
        case brokeOff(ExecutionTrouble)
        /// Nobody knows the operation any more.
        case operationIsUnknown
        /// An input is not there.
        case inputIsMissing(ExecutionTrouble)
        /// It was begun and could not be ended: its worker is lost, or the cluster has no room.
        case workerFailed(ExecutionTrouble)
        /// To ask again does not help.
        case refused(ExecutionTrouble)
    }

    /// How often it is begun again, and how often inputs are sent again.
    static let mostAttempts = 4
    static let mostUploads = 4
    /// How often a stream that says nothing is opened again.
    static let mostSilences = 4

    /// The operation that goes on, as far as it is known.
    private var operation: String?
    private var attempts = 0
    private var uploads = 0
    private var silences = 0

    static let first = Move.upload

    /// An operation has said something: it goes on.
    mutating func hear(of operation: String) { (self.operation, silences) = (operation, 0) }

    mutating func next(after event: Event) -> Move {
        switch event {
        case .uploaded: return .execute
        case .brokeOff(let trouble):
            guard let operation else { return again(trouble) }
            silences += 1
            guard silences < Self.mostSilences else { return again(trouble) }
            return .pause(Self.pause(after: silences), then: .wait(operation: operation))
        case .operationIsUnknown: return again(ExecutionTrouble(.unreachable, "has forgotten what it was doing"))
        case .inputIsMissing(let trouble):
            uploads += 1
            operation = nil
            return uploads < Self.mostUploads ? .upload : .giveUp(trouble)
        case .workerFailed(let trouble): return again(trouble)
        case .refused(let trouble): return .giveUp(trouble)
        }
    }

    private mutating func again(_ trouble: ExecutionTrouble) -> Move {
        (operation, silences) = (nil, 0)
        attempts += 1
        return attempts < Self.mostAttempts ? .pause(Self.pause(after: attempts), then: .upload) : .giveUp(trouble)
    }

    /// 0.2 s, 0.8 s, 3.2 s.
    static func pause(after failures: Int) -> Duration { .milliseconds(200 << (2 * (min(failures, 3) - 1))) }
}

/// Why a cluster has not run something. It says nothing of the program.
public struct ExecutionTrouble: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// It cannot be reached, or does not let us in: nothing else will be run there either.
        case unreachable
        /// It could not run this one thing.
        case failed
    }

    public let kind: Kind
    /// A clause that goes on after the cluster's name.
    public let message: String

    public init(_ kind: Kind, _ message: String) { (self.kind, self.message) = (kind, message) }
}
