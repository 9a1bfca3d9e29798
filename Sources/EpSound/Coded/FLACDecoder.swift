internal import CFLAC

/// libFLAC, over a whole file in memory: plain or in Ogg.
final class FLACDecoder {
    private let bytes: [UInt8]
    private var position = 0
    private var channels: [[Float]] = []
    private var sampleRate = 0
    private var isDamaged = false

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Returns: nil for what is damaged, cut short, or of more than two channels.
    static func decode(_ bytes: [UInt8]) -> (channels: [[Float]], sampleRate: Int)? {
        guard let decoder = FLAC__stream_decoder_new() else { return nil }
        defer { FLAC__stream_decoder_delete(decoder) }
        let reading = FLACDecoder(bytes)
        // The sum over all samples tells whether they are what was encoded.
        FLAC__stream_decoder_set_md5_checking(decoder, 1)
        let begin = bytes.starts(with: "OggS".utf8) ? FLAC__stream_decoder_init_ogg_stream : FLAC__stream_decoder_init_stream
        let status = begin(decoder, read, nil, nil, nil, nil, write, nil, fail, Unmanaged.passUnretained(reading).toOpaque())
        guard status == FLAC__STREAM_DECODER_INIT_STATUS_OK else { return nil }
        let isWhole = FLAC__stream_decoder_process_until_end_of_stream(decoder) != 0
        let isTrue = FLAC__stream_decoder_finish(decoder) != 0
        guard isWhole, isTrue, !reading.isDamaged, (1...2).contains(reading.channels.count), reading.sampleRate > 0 else { return nil }
        return (reading.channels, reading.sampleRate)
    }

    private static func of(_ client: UnsafeMutableRawPointer?) -> FLACDecoder? {
        client.map { Unmanaged<FLACDecoder>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let read: FLAC__StreamDecoderReadCallback = { _, buffer, size, client in
        guard let reading = FLACDecoder.of(client), let buffer, let size else { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
        let count = min(size.pointee, reading.bytes.count - reading.position)
        size.pointee = count
        guard count > 0 else { return FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM }
        reading.bytes.withUnsafeBufferPointer { buffer.update(from: $0.baseAddress! + reading.position, count: count) }
        reading.position += count
        return FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
    }

    private static let write: FLAC__StreamDecoderWriteCallback = { _, frame, buffers, client in
        guard let reading = FLACDecoder.of(client), let header = frame?.pointee.header, let buffers else {
            return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
        }
        reading.take(buffers, header)
        return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
    }

    private static let fail: FLAC__StreamDecoderErrorCallback = { _, _, client in FLACDecoder.of(client)?.isDamaged = true }

    private func take(_ buffers: UnsafePointer<UnsafePointer<FLAC__int32>?>, _ header: FLAC__FrameHeader) {
        if sampleRate == 0 {
            sampleRate = Int(header.sample_rate)
            channels = Array(repeating: [], count: Int(header.channels))
        }
        guard channels.count == Int(header.channels), sampleRate == Int(header.sample_rate), (1...32).contains(header.bits_per_sample)
        else {
            isDamaged = true
            return
        }
        let full = Float(sign: .plus, exponent: Int(header.bits_per_sample) - 1, significand: 1)
        for (channel, samples) in UnsafeBufferPointer(start: buffers, count: channels.count).enumerated() {
            channels[channel] += UnsafeBufferPointer(start: samples, count: Int(header.blocksize)).map { Float($0) / full }
        }
    }
}
