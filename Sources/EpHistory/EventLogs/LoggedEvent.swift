import EpFiles
import FoundationEssentials

/// A line of the log of events, as far as it tells how failures ended. What else it has is passed over.
struct LoggedEvent: Decodable {
    let time: String
    let build: String
    /// Absolute path.
    let episode: String
    let event: String
    let target: String?
    let step: String?
    let error: Problem?
    let report: Report?
    /// Of a build that was asked for what had failed alone.
    let retryFailed: Bool?
    let draft: Bool?

    struct Problem: Decodable { let code: String }

    struct Report: Decodable { let outcome: String }

    /// Those that are of interest: of long builds, most are not.
    static let names: Set = [
        "build_started", "action_completed", "action_failed", "action_retried", "provider_fallback", "edit_detected",
        "build_completed", "build_failed",
    ]

    var moment: Moment? { Moment(iso8601: time) }
}
