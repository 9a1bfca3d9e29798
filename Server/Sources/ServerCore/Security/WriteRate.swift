/// How often each user may change something: many times at once, and then so often a second. A value.
struct WriteRate {
    private var users: [String: (left: Double, time: Double)] = [:]
    static let (most, aSecond) = (1000.0, 50.0)

    /// Takes one change of a user.
    /// - Parameter now: seconds since some moment.
    /// - Returns: false if there were too many.
    mutating func take(_ name: String, now: Double) -> Bool {
        let known = users[name] ?? (Self.most, now)
        let left = min(Self.most, known.left + max(0, now - known.time) * Self.aSecond)
        users[name] = (left >= 1 ? left - 1 : left, now)
        return left >= 1
    }
}
