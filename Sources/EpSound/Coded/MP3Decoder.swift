internal import CLame
import Synchronization

/// LAME's decoder, over a whole file in memory. What the encoder has put before and after the sound is taken away where the file tells it.
enum MP3Decoder {
    /// A decoder gives its first sample so much later than it took it in.
    private static let delay = 529
    /// Samples of the longest frame.
    private static let frame = 1152
    /// Bytes that are handed over at once.
    private static let piece = 4096

    /// - Returns: nil for what is damaged; of one that ends within a frame, that frame is missing.
    static func decode(_ bytes: [UInt8]) -> (channels: [[Float]], sampleRate: Int)? {
        guard isReady, let hip = hip_decode_init() else { return nil }
        defer { hip_decode_exit(hip) }
        silence(hip)
        var sound = Sound()
        var input = Array(bytes[tagLength(bytes)...])
        guard sound.feed(hip, &input) else { return nil }
        guard sound.sampleRate > 0 else { return nil }
        return (sound.trimmed, sound.sampleRate)
    }

    /// All decoders put a frame into one buffer before they hand it over: `static char out[]` in mpglib_interface.c of LAME 3.100.
    private static let output = Mutex(())

    private struct Sound {
        var channels: [[Float]] = []
        var sampleRate = 0
        /// What the encoder has put before and after the sound; negative: nobody says.
        var padding: (before: Int32, after: Int32) = (-1, -1)

        /// - Returns: false if it is damaged.
        mutating func feed(_ hip: hip_t, _ input: inout [UInt8]) -> Bool {
            var left = [Int16](repeating: 0, count: MP3Decoder.frame * 2), right = left
            return input.withUnsafeMutableBufferPointer { input in
                // A piece at a time, after each of which frames come out one by one until it wants more. What it reads of a
                // file before its first frame comes out as nothing, too.
                for start in stride(from: 0, to: input.count, by: MP3Decoder.piece) {
                    var piece = UnsafeMutableBufferPointer(rebasing: input[start..<min(input.count, start + MP3Decoder.piece)])
                    var nothing = 0
                    while nothing < 2 {
                        let count = decode(hip, piece, &left, &right)
                        if count < 0 { return false }
                        nothing = count == 0 ? nothing + 1 : 0
                        piece = UnsafeMutableBufferPointer(start: piece.baseAddress, count: 0)
                    }
                }
                return true
            }
        }

        private mutating func decode(
            _ hip: hip_t, _ piece: UnsafeMutableBufferPointer<UInt8>, _ left: inout [Int16], _ right: inout [Int16]
        ) -> Int32 {
            var header = mp3data_struct()
            let count = MP3Decoder.output.withLock { _ in
                hip_decode1_headersB(hip, piece.baseAddress, piece.count, &left, &right, &header, &padding.before, &padding.after)
            }
            if header.header_parsed == 1, sampleRate == 0 {
                sampleRate = Int(header.samplerate)
                channels = Array(repeating: [], count: Int(header.stereo))
            }
            guard count > 0 else { return count }
            for (channel, samples) in zip(channels.indices, [left, right]) {
                channels[channel] += samples.prefix(Int(count)).map { Float($0) / 32768 }
            }
            return count
        }

        var trimmed: [[Float]] {
            guard padding.before >= 0, padding.after >= 0 else { return channels }
            let (before, after) = (Int(padding.before) + MP3Decoder.delay, max(0, Int(padding.after) - MP3Decoder.delay))
            return channels.map { Array($0.dropFirst(before).dropLast(after)) }
        }
    }

    /// The length of an ID3v2 tag at the beginning, with its header.
    private static func tagLength(_ bytes: [UInt8]) -> Int {
        guard bytes.count >= 10, bytes.starts(with: "ID3".utf8) else { return 0 }
        let size = bytes[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
        return min(bytes.count, 10 + size + (bytes[5] & 0x10 == 0 ? 0 : 10))
    }

    /// It would write to standard error.
    private static func silence(_ hip: hip_t) {
        hip_set_errorf(hip, nil)
        hip_set_debugf(hip, nil)
        hip_set_msgf(hip, nil)
    }

    /// LAME fills tables that all decoders share when the first is made, without a lock. So the first is made here, once.
    private static let isReady: Bool = {
        guard let hip = hip_decode_init() else { return false }
        hip_decode_exit(hip)
        return true
    }()
}
