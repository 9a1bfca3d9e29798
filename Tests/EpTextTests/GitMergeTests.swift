import Testing

@testable import EpText

/// Against `git merge-file`.
@Suite(.enabled(if: Bench.has("git"))) struct GitMergeTests {
    private static let cases = 300

    private struct Case {
        let merge: ThreeWayMerge
        let git: (status: Int, bytes: [UInt8])

        var texts: String { "\(String(decoding: merge.bytes, as: UTF8.self))--- git:\n\(String(decoding: git.bytes, as: UTF8.self))" }

        /// But for how marks end: git ends some with `\n` among lines of `\r\n`.
        var isSame: Bool { merge.conflicts == git.status && merge.bytes.filter { $0 != 13 } == git.bytes.filter { $0 != 13 } }
    }

    private func cases(_ kind: RandomText.Kind, end: String = "\n", _ name: String) throws -> [Case] {
        let bench = try Bench()
        var random = RandomText(for: "\(name)(\(kind))")
        let names = ThreeWayMerge.Names(ours: "edit", base: "before", theirs: "new generation")
        var merges: [ThreeWayMerge] = []
        for number in 0..<Self.cases {
            let base = random.lines(random.number(0...30), kind, end: end)
            // What both sides have changed alike.
            let shared = random.edited(base, kind, places: 1, end: end)
            let texts = [base, random.edited(shared, kind, places: 3, end: end), random.edited(shared, kind, places: 3, end: end)].map {
                random.text($0)
            }
            for (text, name) in zip(texts, ["base", "ours", "theirs"]) { try bench.write(text, to: "\(name)\(number)") }
            merges.append(ThreeWayMerge(base: texts[0], ours: texts[1], theirs: texts[2], names: names))
        }
        _ = try bench.forEach(
            Self.cases, "git merge-file -p -L edit -L before -L 'new generation' ours$i base$i theirs$i > merged$i; echo $? > status$i")
        return try merges.enumerated().map { number, merge in
            let status = Int(try bench.text("status\(number)").dropLast()) ?? -1
            return Case(merge: merge, git: (status, try bench.read("merged\(number)")))
        }
    }

    /// Where no line stands twice there is no choice: not even in where the marks stand.
    @Test(arguments: ["\n", "\r\n"]) func withoutAChoiceTheMergeIsThatOfGit(_ end: String) throws {
        let cases = try cases(.distinct, end: end, "withoutAChoiceTheMergeIsThatOfGit")
        for (number, found) in cases.enumerated() {
            #expect(found.isSame == true, "case \(number): \(found.merge.conflicts) conflicts, git has \(found.git.status)\n\(found.texts)")
            if end == "\r\n" { #expect(TextLines(found.merge.bytes).lines.allSatisfy { $0.suffix(2) == [13, 10] }, "case \(number)") }
        }
        print("\(cases.count { $0.merge.conflicts > 0 }) of \(cases.count) with conflicts")
    }

    /// Of several equal lines, git may take another one for the one that was kept: its merge is then as good as ours, but not the same.
    /// Git also weighs lines that are frequent less. Such cases are few in texts like ours.
    @Test func withBlankLinesTheMergeIsMostlyThatOfGit() throws {
        let cases = try cases(.spaced, "withBlankLinesTheMergeIsMostlyThatOfGit")
        let same = cases.count(where: \.isSame)
        let agreeing = cases.count { ($0.merge.conflicts > 0) == ($0.git.status > 0) }
        print("\(same) of \(cases.count) merges are the same as git's; \(agreeing) agree on whether there is a conflict")
        #expect(same * 10 >= cases.count * 7)
        #expect(agreeing * 100 >= cases.count * 90)
    }

    /// Whatever lines there are: nothing that only one side changed is lost, and sides can be swapped.
    @Test(arguments: RandomText.Kind.allCases) func lawsOfMerging(_ kind: RandomText.Kind) {
        var random = RandomText(for: "lawsOfMerging(\(kind))")
        let names = ThreeWayMerge.Names(ours: "x", base: "x", theirs: "x")
        for _ in 0..<300 {
            let lines = random.lines(random.number(0...30), kind)
            let (base, ours) = (random.text(lines), random.text(random.edited(lines, kind, places: 4)))
            let theirs = random.text(random.edited(lines, kind, places: 4))
            #expect(ThreeWayMerge(base: base, ours: ours, theirs: base, names: names).bytes == ours)
            #expect(ThreeWayMerge(base: base, ours: base, theirs: ours, names: names).bytes == ours)
            #expect(ThreeWayMerge(base: base, ours: ours, theirs: ours, names: names).bytes == ours)
            let merge = ThreeWayMerge(base: base, ours: ours, theirs: theirs, names: names)
            let swapped = ThreeWayMerge(base: base, ours: theirs, theirs: ours, names: names)
            #expect((merge.conflicts == 0) == (swapped.conflicts == 0))
            if merge.conflicts == 0 { #expect(merge.bytes == swapped.bytes) }
            #expect((ConflictMarks.find(in: merge.bytes) != nil) == (merge.conflicts > 0))
        }
    }
}
