/// So many in any minute, and no more: when the next one may be sent. A value without a clock; times are seconds since any moment.
struct SlidingWindow: Sendable {
    private static let length = 60.0
    private let most: Double
    /// What was sent, or is going to be, in order: when, and how much of the limit it takes.
    private var sent: [(time: Double, amount: Double)] = []
    private var sum = 0.0

    /// - Parameter most: a minute.
    init(_ most: Double) { self.most = most }

    /// Gives the next one its time: those who ask first go first.
    /// - Parameter amount: how much of the limit it takes; what is more than all of it goes alone.
    /// - Returns: when it may be sent: now, or later.
    mutating func reserve(_ amount: Double, now: Double) -> Double {
        var time = max(now, sent.last?.time ?? now)
        let amount = min(amount, most)
        var leaving = 0
        var left = sum
        while leaving < sent.count, left + amount > most || sent[leaving].time + Self.length <= time {
            time = max(time, sent[leaving].time + Self.length)
            left -= sent[leaving].amount
            leaving += 1
        }
        sent.removeFirst(leaving)
        sum = left + amount
        sent.append((time, amount))
        return time
    }
}
