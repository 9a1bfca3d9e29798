/// A colour of a card (sRGB), each part from 0 to 1.
public struct CardColour: Hashable, Sendable {
    let red: Double
    let green: Double
    let blue: Double

    /// Reads `#2b6cb0` or `2b6cb0`; nil for anything else.
    public init?(hex text: String) {
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        guard digits.utf8.count == 6, !digits.hasPrefix("+"), !digits.hasPrefix("-"), let value = UInt32(digits, radix: 16) else {
            return nil
        }
        self.init(red: Double(value >> 16 & 0xFF) / 255, green: Double(value >> 8 & 0xFF) / 255, blue: Double(value & 0xFF) / 255)
    }

    private init(red: Double, green: Double, blue: Double) { (self.red, self.green, self.blue) = (red, green, blue) }

    static let black = CardColour(red: 0, green: 0, blue: 0)
    static let white = CardColour(red: 1, green: 1, blue: 1)

    /// `#rrggbb`.
    public var hex: String {
        "#" + [red, green, blue].map { part in
            let digits = String(Int(part * 255 + 0.5), radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The colour with a part (0 to 1) of another.
    func mixed(with other: CardColour, _ part: Double) -> CardColour {
        func mix(_ from: Double, _ to: Double) -> Double { from + (to - from) * part }
        return CardColour(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }

    /// How well two colours can be told apart, from 1 to 21 (WCAG 2.2, with a gamma of 2).
    public func contrast(to other: CardColour) -> Double {
        let (bright, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
        return (bright + 0.05) / (dark + 0.05)
    }

    /// Nearer to black or white by steps, until it can be told from a background so well.
    func readable(on background: CardColour, contrast wanted: Double) -> CardColour {
        let end: CardColour = background.isDark ? .white : .black
        return (0...10).lazy.map { mixed(with: end, Double($0) / 10) }.first { $0.contrast(to: background) >= wanted } ?? end
    }

    var isDark: Bool { luminance < 0.2 }

    private var luminance: Double { 0.2126 * red * red + 0.7152 * green * green + 0.0722 * blue * blue }
}
