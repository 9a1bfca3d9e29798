/// Line ends that are none to most editors: what word processors and chats leave of a line that was broken within a paragraph, and of a
/// page that ended. To a person they end a line.
///
/// They are U+000B, U+000C, U+0085, U+2028 and U+2029. Those with nothing behind them on their line are white space: the line ends there
/// in any case. Places count lines as editors do, so that the lines they end have one number.
enum SoftLineEnd {
    /// A row of them, with white space between.
    struct Run {
        /// Each of them; empty if nothing comes after them on the line.
        fileprivate(set) var ends: [Range<Int>] = []
        fileprivate(set) var upperBound: Int
    }

    /// What begins at an offset; nil if that is none.
    static func run(at offset: Int, in source: [UInt8]) -> Run? {
        guard width(at: offset, in: source) > 0 else { return nil }
        var run = Run(upperBound: offset)
        while run.upperBound < source.count, !source[run.upperBound].isLineEnd {
            let width = width(at: run.upperBound, in: source)
            let next = width > 0 ? run.upperBound + width : source[run.upperBound...].afterBlank
            guard next > run.upperBound else { return run }
            if width > 0 { run.ends.append(run.upperBound..<next) }
            run.upperBound = next
        }
        run.ends = []
        return run
    }

    /// How many bytes the one at an offset has; 0 if there is none.
    static func width(at offset: Int, in source: [UInt8]) -> Int {
        switch source[offset] {
        case 0x0B, 0x0C: 1
        case 0xC2: source.has(0x85, at: offset + 1) ? 2 : 0
        case 0xE2: source.has(0x80, at: offset + 1) && (source.has(0xA8, at: offset + 2) || source.has(0xA9, at: offset + 2)) ? 3 : 0
        default: 0
        }
    }
}
