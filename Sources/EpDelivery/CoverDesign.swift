/// A cover: an evening in the show's colours, with a large disc that carries the number, and the titles below.
///
/// It is written as SVG 1.1, which ffmpeg (with librsvg, as Debian builds it) draws into a square JPEG.
public struct CoverDesign: Hashable, Sendable {
    /// The side of the square, in pixels: the least that directories take.
    public static let size = 1400

    public var showTitle: String
    /// The episode's title; nil for the cover of the show itself.
    public var title: String?
    /// Stands on the disc: an episode's number, or a short mark such as an emoji-free letter. May be empty.
    public var mark: String
    /// The ground, and the disc.
    public var palette: Palette

    public struct Palette: Hashable, Sendable {
        public var ground: Colour
        public var disc: Colour

        public init(ground: Colour, disc: Colour) {
            self.ground = ground
            self.disc = disc
        }

        /// From a show's own colours: the first is the ground, the second the disc. What is missing is chosen by
        /// the show's title, so that shows differ and one show stays the same.
        public init(_ colours: [Colour], showTitle: String) {
            let sum = showTitle.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
            let chosen = Self.own[Int(sum % UInt32(Self.own.count))]
            self.init(
                ground: colours.first ?? chosen.ground,
                disc: colours.dropFirst().first ?? colours.first?.mixed(with: .white, 0.6) ?? chosen.disc)
        }

        private static let own: [Palette] = [
            (0x1F4E79, 0xF4B860), (0x2F5D50, 0xF2C57C), (0x5B3A6B, 0xF3A683), (0x7A3B3B, 0xF5C98B),
            (0x234E5E, 0xEE8E6B), (0x3B4371, 0xF3C6A5),
        ].map { Palette(ground: Colour($0), disc: Colour($1)) }
    }

    public init(showTitle: String, title: String? = nil, mark: String = "", palette: Palette) {
        self.showTitle = showTitle
        self.title = title
        self.mark = mark
        self.palette = palette
    }

    /// Draws the SVG at one path into a JPEG at another; both are relative to the working directory. The same SVG and
    /// the same fonts (Debian's `fonts-dejavu-core` has the one that is meant) give the same bytes.
    public static func arguments(svg: String = "cover.svg", jpeg: String = "cover.jpg") -> [String] {
        [
            "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-f", "svg_pipe", "-i", "file:" + svg,
            "-frames:v", "1", "-update", "1", "-vf", "scale=\(size):\(size):out_range=pc,format=yuvj444p",
            "-c:v", "mjpeg", "-q:v", "2", "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact",
            "-map_metadata", "-1", "-f", "image2", "-y", "file:" + jpeg,
        ]
    }
}

extension CoverDesign {
    /// The drawing. No text of it can break out of its place: what is a mark in XML is escaped.
    public func svg() -> String {
        let ground = palette.ground.darkened(forContrast: 7)
        let disc = palette.disc.brightened(toLuminance: 0.4)
        let deep = ground.mixed(with: .black, 0.45)
        let ink = ground.mixed(with: .black, 0.35)
        let drawing: Markup = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.size)" height="\(Self.size)" viewBox="0 0 1400 1400">
            <defs>
            <linearGradient id="sky" x1="0" y1="0" x2="0.35" y2="1">
            <stop offset="0" stop-color="\(ground.mixed(with: disc, 0.22).hex)"/>
            <stop offset="0.55" stop-color="\(ground.hex)"/>
            <stop offset="1" stop-color="\(deep.hex)"/>
            </linearGradient>
            <linearGradient id="disc" x1="0" y1="0" x2="0.4" y2="1">
            <stop offset="0" stop-color="\(disc.mixed(with: .white, 0.35).hex)"/>
            <stop offset="1" stop-color="\(disc.hex)"/>
            </linearGradient>
            </defs>
            <rect width="1400" height="1400" fill="url(#sky)"/>
            <g fill="none" stroke="\(disc.hex)" stroke-width="3">
            <circle cx="960" cy="440" r="440" stroke-opacity="0.30"/>
            <circle cx="960" cy="440" r="570" stroke-opacity="0.18"/>
            <circle cx="960" cy="440" r="720" stroke-opacity="0.10"/>
            </g>
            <circle cx="960" cy="440" r="310" fill="url(#disc)"/>
            <ellipse cx="420" cy="1700" rx="1500" ry="960" fill="\(deep.hex)" fill-opacity="0.72"/>
            <g font-family="DejaVu Sans, sans-serif" font-weight="bold">
            \(numeral(ink: ink))
            \(titles(accent: disc))
            </g>
            </svg>

            """
        return drawing.text
    }

    private func numeral(ink: Colour) -> Markup? {
        let text = CoverText(mark, sizes: [340, 260, 200, 140, 90], width: 460, lineLimit: 1)
        guard let line = text.lines.first else { return nil }
        let baseline = 440 + text.size * 36 / 100
        return """
            <text x="960" y="\(baseline)" font-size="\(text.size)" text-anchor="middle" fill="\(ink.hex)">\(line)</text>
            """
    }

    /// From the bottom up: the show's title, a rule, the episode's title. The show's own cover has its title alone.
    private func titles(accent: Colour) -> [Markup] {
        var markup: [Markup] = []
        var bottom = 1270
        if title != nil {
            let show = CoverText(showTitle, sizes: [50, 44, 38], width: 1180, lineLimit: 1)
            markup += lines(show, bottom: bottom, fill: accent)
            bottom -= 130
            markup.append("<rect x=\"110\" y=\"\(bottom + 32)\" width=\"120\" height=\"8\" rx=\"4\" fill=\"\(accent.hex)\"/>")
        }
        let main = CoverText(title ?? showTitle, sizes: [128, 112, 98, 86, 74, 64], width: 1180, lineLimit: 3)
        return markup + lines(main, bottom: bottom - 10, fill: .white)
    }

    private func lines(_ text: CoverText, bottom: Int, fill: Colour) -> [Markup] {
        text.lines.reversed().enumerated().map { index, line in
            let baseline = bottom - index * text.size * 118 / 100
            return "<text x=\"110\" y=\"\(baseline)\" font-size=\"\(text.size)\" fill=\"\(fill.hex)\">\(line)</text>"
        }
    }
}
