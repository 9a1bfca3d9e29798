public import EpCore

/// Silence that stands in for a voice or for music in a draft: as a WAV file, it says so itself.
///
/// A line that turns out silent is a mistake, which the mix reports. This silence is meant, and lasts its time.
public enum Silence {
    /// Long enough to be noticed in place of music or an effect, in seconds.
    public static let soundSeconds = 1.0
    private static let sampleRate = 22_050
    /// A `LIST` chunk of the kind `INFO` with a comment (`ICMT`), behind the header and the format.
    private static let mark: [UInt8] = {
        let comment = Array("epbuild placeholder\0".utf8)
        let body = Array("INFOICMT".utf8) + word(comment.count) + comment
        return Array("LIST".utf8) + word(body.count) + body
    }()
    /// Where the chunks behind the format begin.
    private static let markStart = 36

    /// A placeholder as a mono WAV file.
    public static func wav(seconds: Double) -> [UInt8] {
        let count = max(1, Int((seconds * Double(sampleRate)).rounded()))
        var bytes = PCM(sampleRate: sampleRate, channels: [[Float](repeating: 0, count: count)]).wav()
        bytes.insert(contentsOf: mark, at: markStart)
        bytes.replaceSubrange(4..<8, with: word(bytes.count - 8))
        return bytes
    }

    /// True for what `wav` made.
    public static func isPlaceholder(wav bytes: any RandomAccessBytes) throws -> Bool {
        let place = markStart..<markStart + mark.count
        return try bytes.count >= place.upperBound && bytes.bytes(in: place) == mark
    }

    private static func word(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
}

extension LineMeasure {
    /// The measure of silence that is meant: the whole of it is heard, as it is.
    public init(ofSilence sound: SoundStream) { self.init(start: 0, length: sound.count, gainDecibels: 0) }
}
