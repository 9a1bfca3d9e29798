import FoundationEssentials
import Testing

/// What can be checked of the house style without a compiler.
@Suite struct StyleTests {
    @Test func noFileIsLongerThanAQuestion() throws {
        for file in try SourceText.all() where !file.isGenerated {
            #expect(file.lines.count <= 350, "\(file.path) has \(file.lines.count) lines")
        }
    }

    /// Texts that are printed as they stand may be wider.
    @Test func linesAreAsWideAsAPage() throws {
        for file in try SourceText.all() where !file.isGenerated {
            var isText = false
            for (number, line) in file.lines.enumerated() {
                let isPart = isText
                if line.ranges(of: "\"\"\"").count % 2 == 1 { isText.toggle() }
                #expect(isPart || line.count <= 140, "\(file.path):\(number + 1) has \(line.count) columns")
            }
        }
    }

    @Test func nothingIsTriedByForce() throws {
        for file in try SourceText.all() where !file.isGenerated {
            #expect(!file.code.contains { $0.contains("try!") || $0.contains(" as! ") }, "\(file.path)")
        }
    }

    /// `exit` takes libraries down under threads that still use them; only the recognizer's process, which has one thread, ends by it.
    @Test func theProgramEndsByItsStatus() throws {
        for file in try SourceText.all() where !file.isGenerated {
            let ends = file.code.filter { $0.contains(/(^|[^\w.])exit\(/) && !$0.contains("exit(cpocketsphinx_serve())") }
            #expect(ends.isEmpty, "\(file.path): \(ends)")
        }
    }

    /// A promise to the compiler is explained within three lines of it.
    @Test func everyUncheckedPromiseIsExplained() throws {
        var found = 0
        for file in try SourceText.all() where !file.isGenerated {
            for (number, line) in file.lines.enumerated() where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)")
            {
                found += 1
                let around = file.lines[max(0, number - 3)...min(file.lines.count - 1, number + 3)]
                #expect(around.contains { $0.contains("//") }, "\(file.path):\(number + 1)")
            }
        }
        #expect(found > 0, "the scanner finds none, though there are some")
    }
}

/// A Swift file below `Sources/`.
struct SourceText {
    static let root = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound))

    /// Relative to the root of the repository.
    let path: String
    let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    static func all() throws -> [SourceText] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root + "/Sources").filter { $0.hasSuffix(".swift") }
        return try names.sorted().map { SourceText(path: "Sources/\($0)", text: try read("Sources/\($0)")) }
    }

    static func read(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    var module: String { String(path.split(separator: "/")[1]) }
    var isGenerated: Bool { path.hasSuffix(".pb.swift") }

    /// Lines that are no comments.
    var code: [Substring] { lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") } }

    var imports: Set<String> {
        Set(
            code.compactMap { line in
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position + 1 < words.count,
                    words[..<position].allSatisfy({
                        $0.hasPrefix("@") || ["public", "internal", "package", "private", "fileprivate"].contains($0)
                    })
                else { return nil }
                return words[position + 1].split(separator: ".").first.map(String.init)
            })
    }

    /// True if a free function of that name is called.
    func calls(_ name: String) -> Bool {
        code.contains { line in
            line.ranges(of: "\(name)(").contains { range in
                let before = line[..<range.lowerBound]
                if before.hasSuffix("Glibc.") { return true }
                return !(before.last.map { $0.isLetter || $0.isNumber || "_.`".contains($0) } ?? false) && !before.hasSuffix("func ")
            }
        }
    }
}
