/// A colour as screens show it (sRGB), each part from 0 to 1.
public struct Colour: Hashable, Sendable {
    let red: Double
    let green: Double
    let blue: Double

    /// Reads `#2b6cb0` or `2b6cb0`; nil for anything else.
    public init?(hex text: String) {
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        guard digits.utf8.count == 6, !digits.hasPrefix("+"), let value = UInt32(digits, radix: 16) else { return nil }
        self.init(value)
    }

    /// - Parameter value: `0xRRGGBB`.
    init(_ value: UInt32) {
        red = Double(value >> 16 & 0xFF) / 255
        green = Double(value >> 8 & 0xFF) / 255
        blue = Double(value & 0xFF) / 255
    }

    private init(red: Double, green: Double, blue: Double) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    static let black = Colour(0x000000)
    static let white = Colour(0xFFFFFF)

    /// `#rrggbb`.
    public var hex: String {
        "#" + [red, green, blue].map { part in
            let digits = String(Int(part * 255 + 0.5), radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The colour with a part (0 to 1) of another.
    func mixed(with other: Colour, _ part: Double) -> Colour {
        func mix(_ from: Double, _ to: Double) -> Double { from + (to - from) * part }
        return Colour(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }

    /// Darker by steps until white text on it has at least this contrast (WCAG 2.2; 7 is its highest demand).
    func darkened(forContrast wanted: Double) -> Colour {
        var colour = self
        while 1.05 / (colour.luminance + 0.05) < wanted { colour = colour.mixed(with: .black, 0.1) }
        return colour
    }

    /// Brighter by steps until it has this luminance.
    func brightened(toLuminance wanted: Double) -> Colour {
        var colour = self
        while colour.luminance < min(wanted, 0.9) { colour = colour.mixed(with: .white, 0.1) }
        return colour
    }

    /// An approximation of WCAG's relative luminance: gamma 2 instead of 2.4, which needs no power function.
    private var luminance: Double { 0.2126 * red * red + 0.7152 * green * green + 0.0722 * blue * blue }
}
