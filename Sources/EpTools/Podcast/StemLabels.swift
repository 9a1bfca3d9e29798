import EpSound

/// When what is heard, as texts: labels that Audacity imports, and a list for people.
enum StemLabels {
    /// A line each: start and end in seconds, and what it is, with tabs between them.
    static func audacity(_ clips: [MixStems.Clip]) -> String {
        clips.map { "\(seconds($0.range.lowerBound))\t\(seconds($0.range.upperBound))\t\(plain($0.title))\n" }.joined()
    }

    static func readable(_ clips: [MixStems.Clip], chapters: [MixStems.Clip]) -> String {
        var lines: [String] = []
        var rest = chapters[...]
        for clip in clips {
            while let chapter = rest.first, chapter.range.lowerBound <= clip.range.lowerBound {
                rest.removeFirst()
                if !chapter.title.isEmpty { lines.append("\(clock(chapter.range.lowerBound))  # \(plain(chapter.title))") }
            }
            let kind = clip.stem.rawValue + String(repeating: " ", count: max(0, 8 - clip.stem.rawValue.count))
            lines.append("\(clock(clip.range.lowerBound)) – \(clock(clip.range.upperBound))  \(kind)  \(plain(clip.title))")
        }
        return lines.map { "\($0)\n" }.joined()
    }

    /// Six decimals, as Audacity writes them.
    private static func seconds(_ samples: Int) -> String {
        let millionths = Int((Double(samples) / Double(PCM.timelineRate) * 1_000_000).rounded())
        return "\(millionths / 1_000_000).\(padded(millionths % 1_000_000, 6))"
    }

    /// `1:02:03.456`, `0:03.456`.
    private static func clock(_ samples: Int) -> String {
        let milliseconds = Int((Double(samples) / Double(PCM.timelineRate) * 1000).rounded())
        let (hours, minutes, rest) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds % 60_000)
        let head = hours > 0 ? "\(hours):\(padded(minutes, 2))" : "\(minutes)"
        return "\(head):\(padded(rest / 1000, 2)).\(padded(rest % 1000, 3))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func plain(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
