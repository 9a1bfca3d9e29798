import EpCore
import RemoteAPI

extension ExecutionCourse.Event {
    /// What a call ended with.
    init(_ status: GRPCStatus, isWaiting: Bool) {
        let words = status.ofRemote.message
        self = switch status.code {
        case .notFound where isWaiting: .operationIsUnknown
        case .notFound, .failedPrecondition: .inputIsMissing(ExecutionTrouble(.failed, words))
        case .unavailable, .deadlineExceeded, .cancelled, .aborted: .brokeOff(ExecutionTrouble(.unreachable, words))
        case .internal, .unknown, .dataLoss, .resourceExhausted: .workerFailed(ExecutionTrouble(.failed, words))
        case .permissionDenied, .unauthenticated, .unimplemented: .refused(ExecutionTrouble(.unreachable, words))
        case .invalidArgument, .outOfRange, .alreadyExists: .refused(ExecutionTrouble(.failed, words))
        }
    }

    /// Why there was no answer to a call.
    init(_ error: RemoteError) {
        let trouble = ExecutionTrouble(.unreachable, error.message)
        self = switch error.kind {
        case .timedOut, .unreachable, .broken: .brokeOff(trouble)
        case .denied, .untrusted, .full, .unexpected: .refused(trouble)
        }
    }

    /// What an operation ended with.
    init(_ status: Build_Bazel_Remote_Execution_V2_CallStatus, _ message: String) {
        let code = GRPCStatus.Code(rawValue: Int(status.code)) ?? .unknown
        let words = [status.message, message].first { !$0.isEmpty }.map { ": \($0.prefix(300))" } ?? ""
        let trouble = ExecutionTrouble(.failed, "ended it with \(code)\(words)")
        self =
            switch code {
            case .failedPrecondition: .inputIsMissing(trouble)
            case .invalidArgument, .deadlineExceeded, .permissionDenied, .unauthenticated, .unimplemented, .outOfRange, .alreadyExists:
                .refused(trouble)
            case .cancelled, .unknown, .notFound, .resourceExhausted, .aborted, .internal, .unavailable, .dataLoss: .workerFailed(trouble)
            }
    }
}
