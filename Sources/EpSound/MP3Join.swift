public import EpCore

/// Parts joined into one MP3 file: an Info frame that tells players how long it is, then the parts after each other.
///
/// The file is never in memory: ``infoFrame(samples:settings:)`` needs only the parts' summaries. Tags (ID3v2) go before it.
public struct MP3Join: Sendable {
    /// In the order of the file.
    public let parts: [MP3Summary]

    public init(_ parts: [MP3Summary]) { self.parts = parts }

    /// The summary of all parts together, without the Info frame.
    public var whole: MP3Summary { parts.reduce(.empty) { $0.followed(by: $1) } }

    /// The first frame of the file: silent, with the Xing header (as `Info`, for a constant bit rate) and LAME's extension:
    /// frames, bytes, seek table, delay and padding, so that players play exactly `samples` samples, without a gap.
    /// - Parameter samples: the length of the timeline.
    /// - Throws: `badInput` if the parts do not have the frames that such a timeline has.
    public func infoFrame(samples: Int, settings: MP3.Settings = MP3.Settings()) throws(Diagnostic) -> [UInt8] {
        let whole = whole
        guard whole.frameCount == MP3.frameCount(samples: samples) else {
            throw Diagnostic(
                .badInput,
                "the parts have \(whole.frameCount) frames, and \(samples) samples need \(MP3.frameCount(samples: samples))")
        }
        guard let index = infoBitrateIndex(settings) else {
            throw Diagnostic(.badInput, "MP3 has no bit rate of \(settings.bitrate) kbit/s")
        }
        let size = 144_000 * MP3.bitrates[index] / PCM.timelineRate
        let total = size + whole.byteCount
        // MPEG-1 Layer III, 44.1 kHz, joint stereo, original; then 32 bytes of side information, all zero.
        var frame: [UInt8] = [0xFF, 0xFB, UInt8(index << 4), 0x44] + [UInt8](repeating: 0, count: 32)
        frame += Array("Info".utf8)
        frame += Self.bigEndian(0x0F, bytes: 4)
        frame += Self.bigEndian(whole.frameCount, bytes: 4)
        frame += Self.bigEndian(total, bytes: 4)
        frame += seekTable(infoFrameSize: size, total: total)
        frame += Self.bigEndian(100 - 10 * settings.effort, bytes: 4)
        frame += lameExtension(samples: samples, total: total, whole: whole, settings)
        let checksum = frame.withUnsafeBytes { CRC16.of($0) }
        frame += Self.bigEndian(Int(checksum), bytes: 2)
        return frame + [UInt8](repeating: 0, count: size - frame.count)
    }

    /// The file's own bit rate, or the lowest whose frame holds the header.
    private func infoBitrateIndex(_ settings: MP3.Settings) -> Int? {
        MP3.bitrates.dropFirst().contains(settings.bitrate)
            ? MP3.bitrates.firstIndex { $0 >= max(settings.bitrate, 64) } : nil
    }

    /// For each hundredth of the time, the place in the file in 256ths.
    private func seekTable(infoFrameSize: Int, total: Int) -> [UInt8] {
        let frameCount = parts.reduce(0) { $0 + $1.frameCount }
        var table: [UInt8] = []
        var frames = 0
        var bytes = infoFrameSize
        var remaining = parts[...]
        for hundredth in 0..<100 {
            let frame = frameCount * hundredth / 100
            while let part = remaining.first, frames + part.frameCount <= frame {
                frames += part.frameCount
                bytes += part.byteCount
                remaining = remaining.dropFirst()
            }
            let within = remaining.first.map { (frame - frames) * $0.byteCount / max(1, $0.frameCount) } ?? 0
            table.append(UInt8(min(255, (bytes + within) * 256 / total)))
        }
        return table
    }

    /// LAME's tag without its own checksum: 34 bytes.
    private func lameExtension(samples: Int, total: Int, whole: MP3Summary, _ settings: MP3.Settings) -> [UInt8] {
        let delays = MP3.encoderDelay << 12 | MP3.padding(samples: samples)
        return Array("LAME3.100".utf8)
            + [0x01, 0]  // constant bit rate; low-pass not told
            + [UInt8](repeating: 0, count: 8)  // peak and ReplayGain not told
            + [0, UInt8(min(255, settings.bitrate))]
            + Self.bigEndian(delays, bytes: 3)
            + [0x4D, 0, 0, 0]  // 44.1 kHz source, joint stereo; gain unchanged; no preset
            + Self.bigEndian(total, bytes: 4)
            + Self.bigEndian(Int(whole.checksum), bytes: 2)
    }

    private static func bigEndian(_ value: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * (bytes - 1 - $0))) }
    }
}
