import EpCache
import EpCore
import EpFiles
import EpPlan
import Glibc
import Testing

@testable import EpEngine

@Suite struct MemoTests {
    /// A memo of two files, a listed directory and an absent file, 100 s younger than all of them.
    private func remembered() throws -> TestDirectory {
        let directory = try TestDirectory()
        for name in ["s/a.txt", "s/b.txt"] {
            try directory.write("text of \(name)", to: name)
            try directory.setAge(name, seconds: 1000)
        }
        try directory.write("x", to: "s2/x")
        try writeMemo(directory)
        return directory
    }

    private func writeMemo(
        _ directory: TestDirectory, age: Int = -100, digestOfA: String = "text of s/a.txt", validUntil: Int64? = nil
    ) throws {
        var memo = Memo()
        memo.fingerprint = "f"
        memo.directory = "\(directory.path)/s"
        memo.isUpToDate = true
        memo.validUntil = validUntil
        for (name, text) in [("s/a.txt", digestOfA), ("s/b.txt", "text of s/b.txt")] {
            memo.files["\(directory.path)/\(name)"] = .init(stat: try directory.stat(name), digest: digest(text))
        }
        memo.directories = [("\(directory.path)/s", try directory.stat("s"))]
        memo.absent = ["\(directory.path)/s/none.lock", "\(directory.path)/s2/none.lock"]
        memo.report.outputs = ["out/x.mp3"]
        try Files.replace("\(directory.path)/memo", with: memo.encoded())
        try directory.setAge("memo", seconds: age)
    }

    private func isUpToDate(_ directory: TestDirectory, place: String = "s", fingerprint: String = "f", now: Int64 = 1) -> Bool {
        let clock = WallClock { Moment(seconds: Double(now)) }
        let verdict = Memo.check("\(directory.path)/memo", of: "\(directory.path)/\(place)", fingerprint: fingerprint, clock: clock)
        return if case .upToDate = verdict { true } else { false }
    }

    @Test func whatIsUnchangedIsUpToDate() throws {
        let directory = try remembered()
        #expect(isUpToDate(directory))
        #expect(isUpToDate(directory))
        #expect(!isUpToDate(directory, fingerprint: "another epbuild"))
        #expect(!isUpToDate(directory, place: "s2"), "a memo that was copied with its workspace")
    }

    /// Touched, saved as it was, or put back: nothing is to be done, and the next check need not read it.
    @Test func aFileThatWasTouchedIsAsItWas() throws {
        let directory = try remembered()
        try directory.setAge("s/a.txt", seconds: 500)
        while try directory.stat("s/a.txt").isYoungerThanTick { usleep(1000) }
        let before = try directory.stat("memo")
        #expect(isUpToDate(directory))
        #expect(try directory.stat("memo") != before, "it is kept in mind")
        let kept = try directory.stat("memo")
        #expect(isUpToDate(directory))
        #expect(try directory.stat("memo").inode == kept.inode, "and not written again")
        try directory.overwrite("s/a.txt", with: "TEXT of s/a.txt")
        #expect(!isUpToDate(directory), "other letters, as many")
        try directory.overwrite("s/a.txt", with: "text of s/a.txt")
        #expect(isUpToDate(directory))
    }

    /// Saved a moment ago, it may be saved once more without its stamp showing it: nobody waits for that, and nobody relies on it.
    @Test func aFileThatWasJustSavedIsLookedIntoAgain() throws {
        for _ in 0..<20 {
            let directory = try remembered()
            try directory.overwrite("s/a.txt", with: "text of s/a.txt")
            let before = try directory.stat("memo")
            #expect(isUpToDate(directory))
            // Young now, it was when it was looked into.
            if try directory.stat("s/a.txt").isYoungerThanTick { #expect(try directory.stat("memo") == before, "it is not kept in mind") }
            try directory.overwrite("s/a.txt", with: "TEXT of s/a.txt")
            #expect(!isUpToDate(directory))
        }
    }

    /// Something waits for a moment: until then nothing is to be done, and then something is, though no file has changed.
    @Test func aMomentThatHasComeIsNoticed() throws {
        let directory = try remembered()
        try writeMemo(directory, validUntil: 2_000_000_000)
        for (now, isUpToDate) in [(Int64(0), true), (1_999_999_999, true), (2_000_000_000, false), (3_000_000_000, false)] {
            #expect(self.isUpToDate(directory, now: now) == isUpToDate, "\(now)")
        }
    }

    @Test func everyChangeIsNoticed() throws {
        let changes: [(String, (TestDirectory) throws -> Void)] = [
            ("size", { try $0.overwrite("s/a.txt", with: "longer than it was") }),
            ("same size", { try $0.overwrite("s/a.txt", with: "TEXT of s/a.txt") }),
            ("replaced", { try $0.write("text of s/b.txt", to: "s/b.txt") }),
            ("removed", { try $0.remove("s/a.txt") }), ("new in a listed directory", { try $0.write("", to: "s/c.txt") }),
            ("absent file appears", { try $0.write("", to: "s2/none.lock") }), ("no memo", { try $0.remove("memo") }),
        ]
        for (name, change) in changes {
            let directory = try remembered()
            #expect(isUpToDate(directory))
            try change(directory)
            // Whatever the clock's ticks: the memo is younger still.
            if directory.exists("memo") { try directory.setAge("memo", seconds: -100_000) }
            #expect(!isUpToDate(directory), "\(name)")
        }
    }

    /// The rule that git uses: equal stats prove nothing if the file is as young as the memo.
    @Test func aFileOfTheSameTickIsReadAgain() throws {
        let directory = try remembered()
        try writeMemo(directory, digestOfA: "text before it!")
        #expect(isUpToDate(directory), "an older file is known by its stat alone")
        try writeMemo(directory, age: 500, digestOfA: "text before it!")
        #expect(!isUpToDate(directory))
    }

    @Test func aTruncatedOrDamagedMemoTellsNothing() throws {
        let directory = try remembered()
        let bytes = try #require(try Files.read("\(directory.path)/memo"))
        var random = Seeded(3)
        for _ in 0..<300 {
            var damaged = bytes
            if Bool.random(using: &random) {
                damaged.removeLast(.random(in: 1...bytes.count, using: &random))
            } else {
                damaged[.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            #expect(Memo(encoded: damaged) == nil)
            try Files.replace("\(directory.path)/memo", with: damaged)
            #expect(!isUpToDate(directory))
        }
    }

    /// The seal is right and what it seals is not: another program wrote it, or a mistake of ours.
    @Test(arguments: [UInt64(1), 2, .random(in: 0 ... .max)]) func aSealedMemoMayHoldAnything(_ seed: UInt64) throws {
        let directory = try remembered()
        let bytes = try #require(try Files.read("\(directory.path)/memo"))
        var random = Seeded(seed)
        for _ in 0..<500 {
            try Files.replace("\(directory.path)/memo", with: Self.mutated(bytes, &random))
            // Whatever they say: they come to an end.
            _ = isUpToDate(directory)
            _ = Memo(encoded: try #require(try Files.read("\(directory.path)/memo")))
        }
        for count in [UInt64.max, UInt64(Int.max), 1 << 40, 1 << 32] {
            var writer = ByteWriter()
            writer.write(UInt64(0x3430_4f4d_454d_5045))
            ["f", "\(directory.path)/s"].forEach { writer.write($0) }
            writer.write(1)
            writer.write("")
            [0, count, count, count].forEach { writer.write($0) }
            writer.seal()
            try Files.replace("\(directory.path)/memo", with: writer.bytes)
            #expect(!isUpToDate(directory) && Memo(encoded: writer.bytes) == nil)
        }
    }

    /// Some bytes or words changed, or a piece taken out; sealed again.
    static func mutated(_ sealed: [UInt8], _ random: inout Seeded) -> [UInt8] {
        var bytes = Array(sealed.dropLast(8))
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let word = Int.random(in: 0..<bytes.count / 8, using: &random) * 8
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            case 1:
                let number = [UInt64.max, 1 << 63, UInt64(Int.max), 1 << 33, 9, 8, 7, UInt64(bytes.count)].randomElement(using: &random)!
                withUnsafeBytes(of: number.littleEndian) { bytes.replaceSubrange(word..<word + 8, with: $0) }
            case 2 where bytes.count > 64: bytes.removeSubrange(word..<min(bytes.count, word + 8 * Int.random(in: 1...3, using: &random)))
            default: bytes.insert(contentsOf: [UInt8](repeating: 0xFF, count: 8), at: word)
            }
        }
        var checksum = Checksum()
        bytes.withUnsafeBytes { checksum.add($0) }
        var seal = ByteWriter()
        seal.write(checksum.value)
        return bytes + seal.bytes
    }

    @Test(arguments: [UInt64(1), 2, .random(in: 0 ... .max)]) func aSealedTraceMayHoldAnything(_ seed: UInt64) async throws {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hash }\n  b: { tool: hash, from: [a] }\n")
        try await stage.build()
        let path = Trace.path(of: try stage.place())
        let bytes = try #require(try Files.read(path))
        var random = Seeded(seed)
        for _ in 0..<500 {
            try Files.replace(path, with: Self.mutated(bytes, &random))
            _ = try Trace(of: stage.place()).inputs(of: ["a", "b"])
        }
        #expect(try await stage.builder().inspect(stage.place()).steps.count == 2)
        try stage.pipeline("  a: { tool: hash, say: more }\n  b: { tool: hash, from: [a] }\n")
        #expect(try await stage.build().outcome == .built)
    }

    /// What stood in the trace before is taken over as it is, and no reader can tell.
    @Test(arguments: [UInt64(1), 2, .random(in: 0 ... .max)]) func aTraceIsWhatItWouldBeFromNothing(_ seed: UInt64) async throws {
        let stage = try Stage()
        var (random, lines, say) = (Seeded(seed), (0..<20).map { "line \($0)" }, 0)
        let trace = Trace.path(of: try stage.place())
        for round in 0..<12 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: lines.insert("line new \(round)", at: .random(in: 0...lines.count, using: &random))
            case 1: lines.remove(at: .random(in: lines.indices, using: &random))
            case 2: say += 1
            default: lines[.random(in: lines.indices, using: &random)] += " \(round)"
            }
            try stage.directory.write(lines.map { "\($0)\n" }.joined(), to: "w/show/ep/script.txt")
            try stage.pipeline(
                "  texts: { source: script.txt }\n  a: { tool: hash, each: texts.lines }\n  b: { tool: hash, from: [a], say: \"\(say)\" }\n")
            #expect(try await stage.build().outcome == .built)
            let written = try #require(try Files.read(trace))
            let memo = Builder.memoPath(of: try stage.place())
            #expect(unlink(trace) == 0 && unlink(memo) == 0)
            #expect(try await stage.build().actions.executed == 0)
            #expect(try Files.read(trace) == written, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: [UInt64(1), 2, .random(in: 0 ... .max)]) func whatIsWrittenIsRead(_ seed: UInt64) throws {
        var random = Seeded(seed)
        func text() -> String {
            (0..<Int.random(in: 0...20, using: &random)).map { _ in ["a", "ü", "/", " ", "日"].randomElement(using: &random)! }.joined()
        }
        func number() -> Int64 { .random(in: .min ... .max, using: &random) }
        func stat() -> FileStatus {
            FileStatus(
                device: UInt64(bitPattern: number()), inode: 1, size: number(), modified: number(), changed: number(), links: number(),
                kind: [.regular, .directory, .other].randomElement(using: &random)!)
        }
        var memo = Memo()
        memo.fingerprint = text()
        memo.isUpToDate = true
        memo.validUntil = Bool.random(using: &random) ? nil : number()
        memo.absent = (0..<5).map { _ in text() }
        memo.directories = (0..<5).map { _ in (text(), stat()) }
        memo.programs = [
            .init(program: Program(text(), versionArguments: [text(), text()], package: text()), path: text(), version: text())
        ]
        for index in 0..<20 { memo.files["/\(text())/\(index)"] = .init(stat: stat(), digest: digest(text())) }
        memo.report.warnings = (0..<3).map {
            Diagnostic(
                .badInput, text(), at: $0 == 0 ? nil : SourceLocation(file: "a\(text())", line: $0, column: 7), remedy: "b\(text())",
                severity: .warning)
        }
        let read = try #require(Memo(encoded: memo.encoded()), "seed \(seed)")
        #expect(read.report.warnings == memo.report.warnings)
        #expect(read.fingerprint == memo.fingerprint && read.isUpToDate && read.validUntil == memo.validUntil && read.absent == memo.absent)
        #expect(
            read.directories.map(\.path) == memo.directories.map(\.path) && read.directories.map(\.stat) == memo.directories.map(\.stat))
        #expect(
            read.programs.map(\.program) == memo.programs.map(\.program) && read.programs.map(\.version) == memo.programs.map(\.version))
        func table(_ memo: Memo) -> [String: [String]] {
            Dictionary(memo.files.sorted.map { ($0.path.text, ["\($0.record.stat)", "\($0.record.digest)"]) }) { first, _ in first }
        }
        #expect(table(read) == table(memo), "seed \(seed)")
    }
}
