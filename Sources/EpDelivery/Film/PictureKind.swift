/// What a picture's first bytes say that it is. Names say it less surely, and a playlist can be called `clip.mp4`.
public enum PictureKind: String, Sendable {
    case png, jpeg
    /// A video file.
    case moving

    /// - Returns: nil for what is no picture that a film can show.
    public static func of(_ bytes: [UInt8]) -> PictureKind? {
        if let format = CoverImage(bytes)?.format { return format == .png ? .png : .jpeg }
        return isMoving(bytes) ? .moving : nil
    }

    /// The beginnings of the containers that are read: MP4 and QuickTime, Matroska and WebM, AVI, MPEG program and transport streams, FLV,
    /// ASF.
    private static func isMoving(_ bytes: [UInt8]) -> Bool {
        func has(_ mark: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: mark) }
        func has(_ mark: StaticString, at offset: Int) -> Bool { mark.withUTF8Buffer { has(Array($0), at: offset) } }
        // Sound alone, and still pictures, begin so, too.
        if has("ftyp", at: 4) { return CoverImage.kind(of: bytes) == nil && !has("M4A ", at: 8) && !has("M4B ", at: 8) }
        if has("RIFF", at: 0) { return has("AVI ", at: 8) }
        let isTransport = bytes.count > 376 && [0, 188, 376].allSatisfy { bytes[$0] == 0x47 }
        return has("moov", at: 4) || has([0x1A, 0x45, 0xDF, 0xA3]) || has([0, 0, 1, 0xBA]) || has("FLV", at: 0)
            || has([0x30, 0x26, 0xB2, 0x75]) || isTransport
    }

    /// Whether a still picture has its end in its last bytes: it has not if it is cut off. What stands behind the end is no matter.
    public func hasEnd(in bytes: [UInt8]) -> Bool {
        switch self {
        case .png: bytes.firstRange(of: Array("IEND".utf8)) != nil
        // Within the compressed data, 255 is never followed by this.
        case .jpeg: bytes.firstRange(of: [0xFF, 0xD9]) != nil
        case .moving: true
        }
    }

    /// The names of ffmpeg's readers that may open a file of this kind; no other is allowed to, so that nothing else is ever opened.
    var readers: String {
        switch self {
        case .png: "png_pipe"
        case .jpeg: "jpeg_pipe"
        case .moving: "mov,matroska,avi,mpeg,mpegts,flv,asf"
        }
    }

    /// Pixels that a picture may have: a file of 31 KB can hold a picture that fills the memory.
    public static let mostPixels = 50_000_000

    /// The arguments with which ffmpeg reads a file of somebody's: as what it is, and nothing that it names.
    /// - Parameter label: relative to the working directory.
    public func input(_ label: String) -> [String] {
        let reader = self == .moving ? [] : ["-f", readers]
        return ["-max_pixels", String(Self.mostPixels), "-protocol_whitelist", "file", "-format_whitelist", readers] + reader
            + ["-i", "file:\(label)"]
    }
}
