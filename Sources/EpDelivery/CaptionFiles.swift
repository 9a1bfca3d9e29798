import EpCore

extension Transcript {
    /// The captions as SubRip (`application/x-subrip`): numbered, lines ended by CR LF as SubRip wrote them, and the
    /// speaker's name before the text where it changes, because the format has no other place for it.
    public func subRip(_ layout: CaptionLayout = .captions) -> String {
        captions(layout.namingSpeakers).enumerated().map { index, caption in
            let time = "\(caption.start.full(separator: ",")) --> \(caption.end.full(separator: ","))"
            return ([String(index + 1), time] + caption.lines.map(Self.unmarked) + ["", ""]).joined(separator: "\r\n")
        }.joined()
    }

    /// The captions as WebVTT (`text/vtt`, W3C 2019), each with its speaker as a voice span.
    /// - Parameter note: a comment at the head of the file, such as that voices are synthetic.
    public func webVTT(_ layout: CaptionLayout = .captions, note: String? = nil) -> String {
        var blocks = ["WEBVTT"]
        if let note = note?.singleLine, !note.isEmpty {
            blocks.append("NOTE " + Markup(escaping: note).text)
        }
        blocks += captions(layout).map { caption in
            let time = "\(caption.start.full(separator: ".")) --> \(caption.end.full(separator: "."))"
            let text = caption.lines.map { Markup(escaping: $0).text }.joined(separator: "\n")
            let voice = caption.speaker.isEmpty ? "" : "<v \(Markup(escaping: caption.speaker))>"
            return "\(time)\n\(voice)\(text)"
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// The transcript of Podcasting 2.0 as JSON (`application/json`, version 1.0.0), in lines that can be followed.
    public func json(_ layout: CaptionLayout = .transcript) -> String {
        let segments = captions(layout).map { caption in
            Value.object([
                .init("speaker", .string(caption.speaker)),
                .init("startTime", .double(caption.start.seconds)),
                .init("endTime", .double(caption.end.seconds)),
                .init("body", .string(caption.lines.joined(separator: " "))),
            ])
        }
        return Value.object([.init("version", "1.0.0"), .init("segments", .list(segments))]).json(indented: true) + "\n"
    }

    /// SubRip cannot escape: an invisible word joiner (U+2060) keeps `-->`, `<b>` and `{\an8}` from being read as marks.
    private static func unmarked(_ line: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            if scalar == ">", result.last == "-" { result.append("\u{2060}") }
            result.append(scalar)
            if scalar == "<" || scalar == "{" { result.append("\u{2060}") }
        }
        return String(result)
    }
}
