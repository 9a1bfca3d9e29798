internal import CLame
import EpCore

/// LAME, in this process.
enum MP3Encoder {
    /// LAME fills tables that all encoders share when the first is made, without a lock. So the first is made here, once.
    private static let isReady: Bool = {
        guard let lame = lame_init() else { return false }
        defer { lame_close(lame) }
        return lame_init_params(lame) == 0
    }()

    /// An encoder that leaves the level as it is. By itself LAME turns sound down, by 0.3 dB at 192 kbit/s and 0.4 at
    /// 128; what it multiplies with is known only when it is set up, so a first one is asked.
    private static func levelEncoder(_ settings: MP3.Settings) throws(Diagnostic) -> lame_t {
        let first = try encoder(settings, scale: 1)
        defer { lame_close(first) }
        return try encoder(settings, scale: 1 / lame_get_scale(first))
    }

    /// Encodes stereo sound and returns some of the frames.
    /// - Parameters:
    ///   - sound: at 44.1 kHz.
    ///   - frames: which frames to return; frame n begins with sample 1,152 n − 1,105.
    ///   - isLast: nothing follows, and silence flushes the encoder. Else there must be context after the last frame.
    /// - Throws: `system` if LAME fails, `badInput` if it cannot do the bit rate.
    static func encode(
        _ sound: PCM, frames: Range<Int>, isLast: Bool, settings: MP3.Settings
    ) throws(Diagnostic) -> [UInt8] {
        let lame = try levelEncoder(settings)
        defer { lame_close(lame) }
        // LAME's own bound on what an input can produce.
        let capacity = sound.count * 5 / 4 + 7_200
        var status: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity + 7_200) { output, written in
            status = lame_encode_buffer_ieee_float(
                lame, sound.channels[0], sound.channels[1], Int32(sound.count), output.baseAddress, Int32(capacity))
            written = Int(max(0, status))
            guard isLast, status >= 0 else { return }
            status = lame_encode_flush(lame, output.baseAddress.map { $0 + written }, Int32(output.count - written))
            written += Int(max(0, status))
        }
        guard status >= 0 else { throw Diagnostic(.system, "the MP3 encoder failed (\(status))") }
        guard let kept = bytes.withUnsafeBytes({ slice($0, frames: frames) }) else {
            throw Diagnostic(.system, "the MP3 encoder gave fewer than \(frames.upperBound) frames")
        }
        return Array(bytes[kept])
    }

    private static func encoder(_ settings: MP3.Settings, scale: Float) throws(Diagnostic) -> lame_t {
        guard MP3.bitrates.dropFirst().contains(settings.bitrate) else {
            let known = MP3.deliveredBitrates.map(String.init).joined(separator: ", ")
            throw Diagnostic(.badInput, "MP3 has no bit rate of \(settings.bitrate) kbit/s", remedy: "use one of \(known)")
        }
        guard isReady, let lame = lame_init() else { throw Diagnostic(.system, "the MP3 encoder cannot be made") }
        // It would write to standard error.
        lame_set_errorf(lame, nil)
        lame_set_debugf(lame, nil)
        lame_set_msgf(lame, nil)
        lame_set_in_samplerate(lame, Int32(PCM.timelineRate))
        lame_set_out_samplerate(lame, Int32(PCM.timelineRate))
        lame_set_num_channels(lame, 2)
        lame_set_mode(lame, JOINT_STEREO)
        lame_set_VBR(lame, vbr_off)
        lame_set_brate(lame, Int32(settings.bitrate))
        lame_set_quality(lame, Int32(settings.effort))
        // A frame that borrows bits from the one before it cannot be joined to another.
        lame_set_disable_reservoir(lame, 1)
        lame_set_bWriteVbrTag(lame, 0)
        lame_set_write_id3tag_automatic(lame, 0)
        lame_set_scale(lame, scale)
        guard lame_init_params(lame) == 0 else {
            lame_close(lame)
            throw Diagnostic(.system, "the MP3 encoder refuses its settings")
        }
        return lame
    }

    /// Where the frames are in an encoding; nil if it has not that many.
    private static func slice(_ bytes: UnsafeRawBufferPointer, frames: Range<Int>) -> Range<Int>? {
        var offset = 0
        var start = 0
        for index in 0..<frames.upperBound {
            if index == frames.lowerBound { start = offset }
            guard let header = MP3FrameHeader(bytes, at: offset) else { return nil }
            offset += header.size
        }
        return offset <= bytes.count ? start..<offset : nil
    }
}
