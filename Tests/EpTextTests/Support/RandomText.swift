import FoundationEssentials

/// Texts and edits of them, from a seed that is printed and can be given again in `EPBUILD_TEST_SEED`.
struct RandomText {
    /// What lines a text has.
    enum Kind: CaseIterable {
        /// No line stands twice: there is but one shortest difference.
        case distinct
        /// As in a script: every second line is blank.
        case spaced
        /// Few different lines: many differences are equally short.
        case repetitive
    }

    private var dice: Dice
    private var fresh = 0

    init(for test: String) { dice = Dice(for: test) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &dice) }

    /// - Parameter end: `\n` or `\r\n`.
    mutating func lines(_ count: Int, _ kind: Kind, end: String = "\n") -> [String] {
        (0..<count).map { _ in line(kind) + end }
    }

    private mutating func line(_ kind: Kind) -> String {
        fresh += 1
        return switch kind {
        case .distinct: "line \(fresh)"
        case .spaced: number(0...1) == 0 ? "" : "line \(fresh)"
        case .repetitive: String(number(1...4))
        }
    }

    /// Some lines removed, put in or replaced, at up to `places` places.
    mutating func edited(_ lines: [String], _ kind: Kind, places: Int, end: String = "\n") -> [String] {
        var lines = lines
        for _ in 0..<number(0...places) {
            let start = number(0...lines.count)
            let removed = number(0...min(3, lines.count - start))
            lines.replaceSubrange(start..<start + removed, with: self.lines(number(0...3), kind, end: end))
        }
        return lines
    }

    /// Sometimes without the last line end; always with it if that is `\r\n`.
    mutating func text(_ lines: [String]) -> [UInt8] {
        let text = Array(lines.joined().utf8)
        return number(0...4) == 0 && text.last == 10 && text.suffix(2) != [13, 10] ? text.dropLast() : text
    }
}

private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(for test: String) {
        let given = ProcessInfo.processInfo.environment["EPBUILD_TEST_SEED"].flatMap { UInt64($0) }
        state = given ?? .random(in: 1 ... .max)
        print("\(test): EPBUILD_TEST_SEED=\(state)")
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
