import EpCore

extension Cost {
    /// "" for nothing.
    var shown: String { self == .zero ? "" : text }
    var shownOrZero: String { self == .zero ? "$0" : text }
}

/// A length of time for a person: `120 ms`, `1.9 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`.
enum TimeSpan {
    static func text(_ recorded: Double) -> String {
        // A damaged record may name any number.
        let seconds = recorded.isFinite ? min(max(recorded, 0), 1e15) : 0
        let whole = Int(seconds.rounded())
        if seconds < 0.95 { return "\(Int((seconds * 1000).rounded())) ms" }
        if whole < 60 { return "\((seconds * 10).rounded() / 10) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return whole < 86_400 ? "\(whole / 3600) h \(whole % 3600 / 60) min" : "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
    }
}

/// Who served an action, for a person: of a program's version line what stands before a gap or a copyright, as where its data lie
/// and whose it is are of no interest.
enum Provider {
    static func shown(_ servedBy: String) -> String {
        let end = ["  ", " Copyright "].compactMap { servedBy.firstRange(of: $0)?.lowerBound }.min()
        return (end.map { servedBy[..<$0] } ?? servedBy[...]).terminalLine
    }
}
