/// Something a person must know: what happened, where, and what to do about it.
public struct Diagnostic: Error, Hashable, Sendable {
    public enum Severity: String, Sendable { case error, warning }

    /// What kind of trouble it is; scripts depend on these names and on the exit status that goes with each.
    public enum Code: String, Sendable, CaseIterable {
        /// The command line makes no sense.
        case usage
        /// A file that a person wrote is wrong.
        case badInput = "bad_input"
        /// An action ran and failed.
        case actionFailed = "action_failed"
        /// A needed program or provider is missing, or a shared cache for those who ask for nothing else.
        case unavailable
        /// A provider could not be reached, was overloaded, or broke off, however often it was asked.
        case providerFailed = "provider_failed"
        /// A provider's answer is of no use: empty, cut off, or not of the form that was asked for.
        case badAnswer = "bad_answer"
        /// A provider does not want to answer, or its filters have kept the answer back.
        case refused
        /// What was asked is longer than the provider can take.
        case tooLong = "too_long"
        /// The account with a provider is empty, or has reached its limit.
        case spendLimit = "spend_limit"
        /// The key of a provider is missing, or it does not take it.
        case keyRejected = "key_rejected"
        /// A gate has waited longer than it may for a person's decision.
        case approvalOverdue = "approval_overdue"
        /// A limit of what may be spent, or of how often providers may be asked, does not allow the next step.
        case overBudget = "over_budget"
        /// A person has paused the builds of the workspace.
        case paused
        /// The machine failed us: no space, no permission, a broken disk.
        case system
        /// A cache entry was damaged; the action runs again.
        case damagedCache = "damaged_cache"
        /// A shared cache did not answer, or not correctly.
        case remote

        /// The same in figures, for documents and search; it never changes its meaning.
        public var id: String {
            switch self {
            case .usage: "EP0101"
            case .badInput: "EP0102"
            case .actionFailed: "EP0201"
            case .approvalOverdue: "EP0202"
            case .overBudget: "EP0203"
            case .paused: "EP0204"
            case .providerFailed: "EP0205"
            case .badAnswer: "EP0206"
            case .refused: "EP0207"
            case .tooLong: "EP0208"
            case .spendLimit: "EP0209"
            case .unavailable: "EP0301"
            case .keyRejected: "EP0302"
            case .system: "EP0401"
            case .damagedCache: "EP0402"
            case .remote: "EP0403"
            }
        }

        public var exitStatus: ExitStatus {
            switch self {
            case .usage: .usage
            case .badInput: .badInput
            case .unavailable, .keyRejected: .unavailable
            case .overBudget, .paused: .tryAgain
            case .actionFailed, .providerFailed, .badAnswer, .refused, .tooLong, .spendLimit, .approvalOverdue, .system, .damagedCache,
                .remote:
                .failed
            }
        }
    }

    public var severity: Severity
    public var code: Code
    /// One sentence, without a full stop.
    public var message: String
    public var location: SourceLocation?
    /// What to do, as a sentence or a command.
    public var remedy: String?

    public init(
        _ code: Code, _ message: String, at location: SourceLocation? = nil, remedy: String? = nil,
        severity: Severity = .error
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.location = location
        self.remedy = remedy
    }
}

extension Diagnostic {
    /// The first line of the message: what stands below it is what a program has said.
    public var headline: String {
        let line = message.split(separator: "\n").first ?? ""
        return String(line.last == ":" ? line.dropLast() : line)
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `file:line:column: error: message`, and the remedy on a line of its own.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        let hint = remedy.map { "\n  → \($0)" } ?? ""
        return "\(place)\(severity.rawValue): \(message)\(hint)"
    }
}

/// Several diagnostics, thrown together: all mistakes of a file are shown at once. At least one is an error.
public struct DiagnosticList: Error, Sendable {
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    public var exitStatus: ExitStatus { diagnostics.first { $0.severity == .error }?.code.exitStatus ?? .failed }
}

/// The exit statuses of the program (`sysexits.h` where one fits).
public enum ExitStatus: Int32, Sendable {
    case success = 0
    case failed = 1
    case usage = 64
    case badInput = 65
    case unavailable = 69
    /// Not finished, run again later: waiting for approval, paused, over budget.
    case tryAgain = 75
    case interrupted = 130
}

/// By severity: of several, the greatest is the one to end with.
extension ExitStatus: Comparable {
    private static let bySeverity: [Self] = [.success, .tryAgain, .failed, .usage, .badInput, .unavailable, .interrupted]

    public static func < (left: Self, right: Self) -> Bool {
        (bySeverity.firstIndex(of: left) ?? 0) < (bySeverity.firstIndex(of: right) ?? 0)
    }
}

extension [Diagnostic] {
    /// What a person is told of any error.
    public init(describing error: any Error) {
        switch error {
        case let list as DiagnosticList: self = list.diagnostics
        case let problem as Diagnostic: self = [problem]
        default: self = [Diagnostic(.system, "\(error)")]
        }
    }

    /// What to throw: one as it is, several together; nil if there is none.
    public var error: (any Error)? { count > 1 ? DiagnosticList(self) : first }
}
