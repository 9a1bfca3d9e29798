import EpCore

/// How often an episode's plan has been gone through anew, and why: that must come to an end.
struct PassRepeats {
    /// For one and the same reason.
    static let most = 8
    private var reasons: [String: Int] = [:]

    /// Each damaged blob is set aside, so the next pass meets another one, if any: however many there are, they come to an end.
    /// - Throws: `Diagnostic` if the same has come in the way again and again.
    mutating func note(_ reason: String) throws(Diagnostic) {
        reasons[reason, default: 0] += 1
        guard reasons[reason, default: 0] < Self.most else { throw Self.unsettled(reason) }
    }

    static func unsettled(_ reason: String) -> Diagnostic {
        Diagnostic(
            .system, "the episode does not settle: \(reason)",
            remedy: "see whether something keeps changing the episode or the cache, then run it again")
    }
}
