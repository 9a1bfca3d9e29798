public import EpCore

/// MPEG-1 Layer III as epbuild delivers it: 44.1 kHz, stereo, constant bit rate, every frame decodable by itself.
public enum MP3 {
    public static let samplesPerFrame = 1_152
    /// Samples by which an encoding lags: 576 of the encoder, and the 529 that every decoder adds.
    public static let encoderDelay = 576
    public static let decoderDelay = 529
    /// Frames of the neighbours' sound that are encoded with a part and dropped: with one, the join is some dB worse.
    public static let contextFrames = 2

    /// The bit rates of MPEG-1 Layer III, in kbit/s, by the index in a frame's header.
    static let bitrates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]

    /// The bit rates at which an episode keeps below −1 dB true peak: at 64 kbit/s the encoder exceeds the limiter's ceiling by 1.2 dB, at
    /// 80 by 0.8.
    public static let deliveredBitrates = bitrates.filter { $0 >= 96 }

    /// The bit rate of an encoding's first frame, in kbit/s; nil if it does not begin with a frame.
    public static func bitrate(of bytes: some ContiguousBytes) -> Int? {
        bytes.withBytes { MP3FrameHeader($0, at: 0)?.bitrate }
    }

    /// Frames that a file of so many samples has, its Info frame not counted. As many as LAME writes: the sound, the
    /// encoder's delay, and at least as much padding, so that the decoder's own delay is flushed.
    public static func frameCount(samples: Int) -> Int {
        (samples + 2 * encoderDelay + samplesPerFrame - 1) / samplesPerFrame
    }

    /// Zeros that the last frame ends with, in samples.
    static func padding(samples: Int) -> Int {
        frameCount(samples: samples) * samplesPerFrame - encoderDelay - samples
    }

    public struct Settings: Hashable, Sendable, Codable {
        /// In kbit/s: one of MPEG-1 Layer III's, 192 for what ACX and podcast hosts take without complaint.
        public var bitrate: Int
        /// LAME's own scale of effort, 0 (slowest) to 9. At 192 kbit/s, steps above 5 cannot be told apart by ear.
        public var effort: Int

        public init(bitrate: Int = 192, effort: Int = 5) {
            self.bitrate = bitrate
            self.effort = effort
        }
    }
}
