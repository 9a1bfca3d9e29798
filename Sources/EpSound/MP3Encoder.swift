internal import CLame
import EpCore
import Synchronization

/// LAME, in this process: takes sound in pieces, and gives some of its frames.
final class MP3Encoder {
    private let lame: lame_t
    private let kept: Range<Int>
    /// Frames that have come out so far.
    private var frames = 0
    /// The beginning of a frame that has not come out as a whole.
    private var rest: [UInt8] = []

    /// - Parameter frames: which frames to give; frame n begins with sample 1,152 n − 1,105.
    /// - Throws: `system` if LAME fails, `badInput` if it cannot do the bit rate.
    init(_ settings: MP3.Settings, keeping frames: Range<Int>) throws(Diagnostic) {
        lame = try Self.levelEncoder(settings)
        kept = frames
    }

    deinit { lame_close(lame) }

    /// Goes on with a piece of stereo sound at 44.1 kHz.
    /// - Returns: the frames that are whole by now, without those that are not wanted.
    func encode(_ sound: PCM) throws(Diagnostic) -> [UInt8] {
        // LAME's own bound on what an input can produce.
        try take(room: sound.count * 5 / 4 + 7_200) { output, room in
            lame_encode_buffer_ieee_float(lame, sound.channels[0], sound.channels[1], Int32(sound.count), output, room)
        }
    }

    /// Nothing follows: silence brings out the rest.
    func flush() throws(Diagnostic) -> [UInt8] {
        try take(room: 7_200) { lame_encode_flush(lame, $0, $1) }
    }

    /// - Throws: `system` if a wanted frame is missing.
    func finish() throws(Diagnostic) {
        guard frames >= kept.upperBound else { throw Diagnostic(.system, "the MP3 encoder gave fewer than \(kept.upperBound) frames") }
    }

    private func take(room: Int, _ encode: (UnsafeMutablePointer<UInt8>?, Int32) -> Int32) throws(Diagnostic) -> [UInt8] {
        var status: Int32 = 0
        rest += [UInt8](unsafeUninitializedCapacity: room) { output, written in
            status = encode(output.baseAddress, Int32(room))
            written = Int(max(0, status))
        }
        guard status >= 0 else { throw Diagnostic(.system, "the MP3 encoder failed (\(status))") }
        let range = rest.withUnsafeBytes(wanted)
        defer { rest.removeFirst(range.end) }
        return Array(rest[range.start..<range.end].prefix(range.length))
    }

    /// Where the wanted ones of the whole frames begin, how long they are, and where the whole frames end.
    private func wanted(_ bytes: UnsafeRawBufferPointer) -> (start: Int, length: Int, end: Int) {
        var (start, length, end) = (0, 0, 0)
        while let header = MP3FrameHeader(bytes, at: end), end + header.size <= bytes.count {
            if kept.contains(frames) { length += header.size } else if length == 0 { start = end + header.size }
            end += header.size
            frames += 1
        }
        return (start, length, end)
    }

    /// LAME fills tables that all encoders share when the first is made, without a lock. So the first is made here, once.
    private static let isReady: Bool = {
        guard let lame = lame_init() else { return false }
        defer { lame_close(lame) }
        return lame_init_params(lame) == 0
    }()

    /// An encoder that leaves the level as it is. By itself LAME turns sound down, by 0.3 dB at 192 kbit/s and 0.4 at
    /// 128; what it multiplies with is known only when it is set up, so a first one is asked.
    private static func levelEncoder(_ settings: MP3.Settings) throws(Diagnostic) -> lame_t {
        if let known = scales.withLock({ $0[settings] }) { return try encoder(settings, scale: known) }
        let first = try encoder(settings, scale: 1)
        defer { lame_close(first) }
        let scale = 1 / lame_get_scale(first)
        scales.withLock { $0[settings] = scale }
        return try encoder(settings, scale: scale)
    }

    private static let scales = Mutex<[MP3.Settings: Float]>([:])

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
}
