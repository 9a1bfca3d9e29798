/// A point in time, in milliseconds since 1970.
public struct Moment: Hashable, Sendable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// - Parameter nanoseconds: since 1970, as `FileStatus` has them.
    public init(nanoseconds: Int64) { milliseconds = nanoseconds / 1_000_000 }

    /// - Parameter seconds: since 1970.
    public init(seconds: Double) { self = Moment(milliseconds: 0).adding(seconds: seconds) }

    /// By this machine's clock.
    public static var now: Moment { WallClock.system.now() }

    /// Since 1970.
    public var seconds: Double { Double(milliseconds) / 1000 }

    /// Since 1970, without what is left of the last one.
    public var wholeSeconds: Int64 { (milliseconds - leftMilliseconds) / 1000 }

    var leftMilliseconds: Int64 { (milliseconds % 1000 + 1000) % 1000 }

    public func adding(seconds: Double) -> Moment {
        // Within a hundred thousand years, whatever a damaged record says.
        let milliseconds = Int64((min(max(seconds.isFinite ? seconds : 0, -3e12), 3e12) * 1000).rounded())
        return Moment(milliseconds: self.milliseconds + milliseconds)
    }

    public func seconds(since other: Moment) -> Double { Double(milliseconds - other.milliseconds) / 1000 }
    public static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }
}
