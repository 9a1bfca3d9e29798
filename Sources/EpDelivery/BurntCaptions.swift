/// Captions that are drawn into a picture, as Advanced SubStation Alpha (v4.00+), which ffmpeg draws with libass.
///
/// Sizes follow from the picture: a line of a narrow one holds fewer characters, so that its letters can be read on a telephone.
public struct BurntCaptions: Hashable, Sendable {
    /// Of the picture, in pixels.
    public let width: Int
    public let height: Int
    /// Stands above all the time; empty: nothing does.
    public var title: String
    public var transcript: Transcript
    /// When the title goes.
    public var end: Timestamp

    public init(width: Int, height: Int, title: String = "", transcript: Transcript = .empty, end: Timestamp) {
        (self.width, self.height, self.title, self.transcript, self.end) = (width, height, title, transcript, end)
    }

    /// Characters in a line.
    private var lineCharacters: Int {
        let shape = Double(width) / Double(height)
        return shape > 1.3 ? 42 : shape > 0.8 ? 32 : 24
    }

    /// So that a full line of average letters takes nine tenths of the width.
    private var size: Int { max(8, Int(Double(width) * 0.9 / (Double(lineCharacters) * 0.58))) }

    /// Higher in an upright picture, where players have their buttons below.
    private var marginBelow: Int { height > width ? height / 5 : height / 14 }

    public func text() -> String {
        let layout = CaptionLayout(lineCharacters: lineCharacters, lines: 2, longest: Timestamp(seconds: 6))
        let captions = transcript.captions(layout).map { event("Caption", from: $0.start, to: $0.end, $0.lines) }
        let above = title.singleLine.isEmpty ? [] : [event("Title", from: .zero, to: end, [title.singleLine])]
        return """
            [Script Info]
            ScriptType: v4.00+
            PlayResX: \(width)
            PlayResY: \(height)
            WrapStyle: 0
            ScaledBorderAndShadow: yes

            [V4+ Styles]
            Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, \
            Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
            \(style("Caption", size: size, alignment: 2, margin: marginBelow))
            \(style("Title", size: size, alignment: 8, margin: height / 9))

            [Events]
            Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
            \((above + captions).joined(separator: "\n"))

            """
    }

    /// White letters with a dark edge.
    private func style(_ name: String, size: Int, alignment: Int, margin: Int) -> String {
        let side = width / 20
        let edge = max(1, size / 14)
        return
            "Style: \(name),DejaVu "
                + "Sans,\(size),&H00FFFFFF,&H00FFFFFF,&H00141414,&H00141414"
                + ",-1,0,0,0,100,100,0,0,1,\(edge),0,\(alignment),\(side),\(side),\(margin),1"
    }

    private func event(_ style: String, from start: Timestamp, to end: Timestamp, _ lines: [String]) -> String {
        "Dialogue: 0,\(Self.time(start)),\(Self.time(end)),\(style),,0,0,0,,\(lines.map(Self.unmarked).joined(separator: "\\N"))"
    }

    /// To the hundredth of a second.
    private static func time(_ moment: Timestamp) -> String {
        let hundredths = (moment.milliseconds + 5) / 10
        let (seconds, minutes) = (hundredths / 100, hundredths / 6000)
        return "\(minutes / 60):\(padded(minutes % 60)):\(padded(seconds % 60)).\(padded(hundredths % 100))"
    }

    /// A brace begins an instruction, and so does a backslash, which an invisible word joiner behind it keeps from that.
    private static func unmarked(_ line: String) -> String {
        line.singleLine.replacing("\\", with: "\\\u{2060}").replacing("{", with: "\\{").replacing("}", with: "\\}")
    }
}
