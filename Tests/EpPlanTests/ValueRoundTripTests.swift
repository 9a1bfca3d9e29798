import EpCore
import Testing

@testable import EpPlan

/// What is written as YAML is read as the same value: prompts and settings depend on it.
@Suite struct ValueRoundTripTests {
    static let pieces = [
        ": ", "#", " #", "  ", "\n", "\n\n", "\t", "-", "- ", "?", "!", "&a", "*a", "|", ">", "%", "@", "`", "'", "\"", "\\", "{", "}", "[",
        "]", ",",
        "true", "no", "~", "null", "1", "007", "1.5", "1e3", "0x1F", "-", "---", "...", "key:", "ü", "日本", "🚀", "\u{301}", "\u{7F}",
        "\u{85}", "\u{A0}",
        "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{1}", "\r", "\r\n", "word", "Oliver", "a b", " ", "{{", "}}", "\u{0}", "\u{9F}",
        "\u{10FFFF}",
    ]

    static func text(_ random: inout Seeded) -> String {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
    }

    static func value(_ random: inout Seeded, depth: Int) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 12 : 8), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2: .int(.random(in: .min ... .max, using: &random))
        case 3: .double(Double(Int.random(in: -9999...9999, using: &random)) / 7 + 0.01)
        case 4...7: .string(text(&random))
        case 8, 9: .list((0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth - 1) })
        default: object(&random, depth: depth)
        }
    }

    static func object(_ random: inout Seeded, depth: Int) -> Value {
        var members: [Value.Member] = []
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let key = text(&random)
            guard !members.contains(where: { $0.key == key }) else { continue }
            members.append(.init(key, value(&random, depth: depth - 1)))
        }
        return .object(members)
    }

    @Test(arguments: [UInt64(1), 2, 3, .random(in: 0 ... .max)])
    func hostileValuesComeBack(_ seed: UInt64) throws {
        var random = Seeded(seed)
        for round in 0..<1500 {
            let value = Value.object([.init("v", Self.value(&random, depth: 3))])
            let text = value.yaml() + "\n"
            let back = problems {
                let read = try yaml(text).value
                #expect(read == value, "seed \(seed), round \(round):\n\(text.debugDescription)")
            }
            #expect(back.isEmpty, "seed \(seed), round \(round): \(back)\n\(text.debugDescription)")
            if !back.isEmpty { return }
        }
    }

    @Test(arguments: [UInt64(4), .random(in: 0 ... .max)])
    func jsonIsYAML(_ seed: UInt64) throws {
        var random = Seeded(seed)
        for round in 0..<1500 {
            let value = Value.list([Self.value(&random, depth: 3)])
            for text in [value.json(), value.json(indented: true)] {
                #expect(try yaml(text).value == value, "seed \(seed), round \(round): \(text.debugDescription)")
            }
        }
    }

    @Test(arguments: pieces) func everyPieceAloneComesBack(_ piece: String) throws {
        for text in [piece, piece + "x", "x" + piece, "x" + piece + "y", "x\n" + piece, piece + piece] {
            let value: Value = .object([
                .init("k", .list([.string(text), .object([.init(text, .string(text))])])), .init("z", .string(text)),
            ])
            #expect(try yaml(value.yaml() + "\n").value == value, "\(text.debugDescription)")
        }
    }

    @Test func plainTextsStayReadable() {
        let value: Value = [
            "speaker": "OLIVER", "says": "Two lines.\nLike this.", "beats": ["one", "two: three", ["n": 1]], "none": .list([]),
        ]
        #expect(
            value.yaml()
                == "speaker: OLIVER\nsays: |-\n  Two lines.\n  Like this.\nbeats:\n  - one\n  - \"two: three\"\n  - \"n\": 1\nnone: []")
    }
}
