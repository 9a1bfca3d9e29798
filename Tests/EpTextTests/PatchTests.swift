import Testing

@testable import EpText

/// Against the real programs: `patch` understands our differences, and `diff -u` prints the same where there is no choice.
@Suite(.enabled(if: Bench.has("diff", "patch"))) struct PatchTests {
    private static let cases = 200

    @Test(arguments: RandomText.Kind.allCases) func patchAppliesWhatWePrint(_ kind: RandomText.Kind) throws {
        let bench = try Bench()
        var random = RandomText(for: "patchAppliesWhatWePrint(\(kind))")
        var wanted: [(new: [UInt8], diff: UnifiedDiff)] = []
        for number in 0..<Self.cases {
            let lines = random.lines(random.number(0...40), kind)
            let (old, new) = (random.text(lines), random.text(random.edited(lines, kind, places: 5)))
            let diff = UnifiedDiff(LineDiff(from: old, to: new), oldName: "a", newName: "b")
            wanted.append((new, diff))
            for (bytes, name) in [(old, "old"), (new, "new"), (diff.bytes, "patch")] { try bench.write(bytes, to: "\(name)\(number)") }
        }
        _ = try bench.forEach(Self.cases, """
            diff -u --label a --label b old$i new$i > diff$i
            if [ -s patch$i ]; then patch --binary --no-backup-if-mismatch -F 0 -o result$i old$i patch$i || echo BAD $i; else cp old$i result$i; fi
            """)
        #expect(try !bench.text("log").contains("BAD"))
        for (number, (new, diff)) in wanted.enumerated() {
            // Of a text that becomes empty, `patch` leaves no file.
            #expect((try? bench.read("result\(number)")) ?? [] == new, "case \(number)")
            if kind == .distinct { #expect(try bench.text("diff\(number)") == diff.text, "case \(number)") }
        }
    }
}
