import EpCore

extension ScriptReport {
    /// The report for a person: a summary, the cast, the chapters, and then the warnings, if wanted.
    public func text(includingWarnings: Bool = true) -> String {
        let lines = script.lines.count
        let summary = [
            Self.count(cast.count, "speaker"), Self.count(lines, "line"), Self.count(words, "word"),
            "about \(Self.length(seconds))",
        ]
        var parts = ["\(script.file): " + (lines == 0 ? "nothing is spoken" : summary.joined(separator: ", "))]
        if !cast.isEmpty {
            parts.append(Self.table([["cast", "lines", "words"]] + cast.map { [Legible.text($0.name), "\($0.lines)", "\($0.words)"] }))
        }
        if script.chapters.contains(where: { !$0.title.isEmpty }) {
            parts.append(Self.table([["chapters", "lines", "starts at"]] + script.chapters.map(row)))
        }
        if !script.cues.isEmpty { parts.append(cueSummary) }
        if unheardWords > 0 { parts.append("not heard: \(Self.count(unheardWords, "word")) of action") }
        if lines > 0 { parts.append("(estimated at 155 words a minute and half a second a line)") }
        if includingWarnings, !findings.isEmpty {
            parts.append(findings.map(\.description).joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func row(_ chapter: Chapter) -> [String] {
        let title = chapter.title.isEmpty ? "(opening)" : Legible.text(chapter.title)
        return [title, "\(chapter.lines.count)", Self.clock(seconds(before: chapter.lines.lowerBound))]
    }

    private var cueSummary: String {
        let effects = script.cues.count { $0.kind == .effect }
        let counts = [Self.count(effects, "sound effect"), Self.count(script.cues.count - effects, "music cue")]
        return counts.filter { !$0.hasPrefix("0 ") }.joined(separator: ", ")
    }

    /// Rows as aligned columns: the first to the left, the others to the right.
    private static func table(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        return rows.map { row in
            "  " + row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
                return column == 0 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// `42 s`, `3 min 5 s`, `1 h 2 min`.
    static func length(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// `0:07`, `12:30`, `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds)
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = whole / 60 % 60
        return whole < 3600 ? "\(minutes):\(padded(whole % 60))" : "\(whole / 3600):\(padded(minutes)):\(padded(whole % 60))"
    }
}
