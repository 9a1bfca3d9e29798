internal import COpusFile

/// libopusfile, over a whole file in memory: Opus in Ogg, which is always of 48 kHz.
enum OpusDecoder {
    private static let sampleRate = 48_000
    /// Samples of the longest packet, in each channel.
    private static let packet = 5760

    /// - Returns: nil for what is damaged, or whose channels are more than two or change within.
    static func decode(_ bytes: [UInt8]) -> (channels: [[Float]], sampleRate: Int)? {
        bytes.withUnsafeBufferPointer { bytes in
            var error: Int32 = 0
            guard let file = op_open_memory(bytes.baseAddress, bytes.count, &error) else { return nil }
            defer { op_free(file) }
            let count = Int(op_channel_count(file, 0))
            guard (1...2).contains(count) else { return nil }
            for link in 0..<op_link_count(file) where Int(op_channel_count(file, link)) != count { return nil }
            return samples(of: file, count).map { ($0, sampleRate) }
        }
    }

    private static func samples(of file: OpaquePointer, _ count: Int) -> [[Float]]? {
        var channels = [[Float]](repeating: [], count: count)
        var piece = [Float](repeating: 0, count: packet * count)
        while true {
            // Negative for a gap or damage.
            let read = op_read_float(file, &piece, Int32(piece.count), nil)
            if read < 0 { return nil }
            if read == 0 { return channels }
            for channel in channels.indices {
                channels[channel] += stride(from: channel, to: Int(read) * count, by: count).lazy.map { piece[$0] }
            }
        }
    }
}
