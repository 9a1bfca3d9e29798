/// Pictures a second, as the fraction that it really is: 29.97 is 30,000/1,001.
public struct FrameRate: Hashable, Sendable {
    public let numerator: Int
    public let denominator: Int
    /// As people write it: `25`, `29.97`.
    public let name: String

    private init(_ numerator: Int, _ denominator: Int, _ name: String) {
        (self.numerator, self.denominator, self.name) = (numerator, denominator, name)
    }

    public static let usual = FrameRate(25, 1, "25")
    public static let all = [FrameRate(24, 1, "24"), usual, FrameRate(30_000, 1001, "29.97"), FrameRate(30, 1, "30")]

    /// - Returns: nil for a name that is none of ``all``.
    public init?(named name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }

    /// The same as a fraction in ffmpeg's words.
    var fraction: String { "\(numerator)/\(denominator)" }
    /// Ticks a second of an MP4 track in which every frame begins on a tick.
    var timescale: Int { denominator == 1 ? 90_000 : numerator }

    public func seconds(of frames: Int) -> Double { Double(frames) * Double(denominator) / Double(numerator) }

    /// The fewest frames that last at least so long; one at least.
    public func frames(lasting seconds: Double) -> Int {
        // What a sum of decimals has too much in its last digits is no frame more.
        max(1, Int((seconds * Double(numerator) / Double(denominator) - 1e-6).rounded(.up)))
    }
}

/// The size of a picture in pixels.
public struct FrameSize: Hashable, Sendable {
    public let width: Int
    public let height: Int

    /// - Precondition: even numbers above 0.
    public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    public static let usual = FrameSize(width: 1280, height: 720)
    /// What a side may be, in pixels: H.264 of 4:2:0 wants even ones.
    public static let sides = 64...3840

    /// Reads `1280x720`.
    /// - Returns: nil for anything else, and for sides that no film here can have.
    public init?(_ text: String) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return nil }
        let sides = parts.compactMap { Int($0) }.filter { Self.sides.contains($0) && $0.isMultiple(of: 2) }
        guard sides.count == 2 else { return nil }
        self.init(width: sides[0], height: sides[1])
    }

    public var name: String { "\(width)x\(height)" }
}
