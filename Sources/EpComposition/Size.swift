/// Sizes as people write them, in powers of 1,024.
public enum Size {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB"]

    public static func text(_ bytes: Int64) -> String {
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(units[unit])"
    }

    /// `20G`, `1.5M`, `4096`; nil for anything else, and for more than a file system can hold.
    public static func bytes(_ text: String) -> Int64? {
        let suffixes = ["K", "M", "G", "T"]
        let power = suffixes.firstIndex { text.uppercased().hasSuffix($0) }.map { $0 + 1 } ?? 0
        guard let number = Double(power > 0 ? String(text.dropLast()) : text), number >= 0, number < 1e15 else { return nil }
        return Int64(exactly: (0..<power).reduce(number) { value, _ in value * 1024 }.rounded(.down))
    }
}
