import CZstd

/// Zstandard, as the Remote Execution API compresses blobs with it.
enum Zstd {
    /// In REAPI's `Compressor`.
    static let compressor: Int32 = 1
    /// Quick, and most of what can be had.
    fileprivate static let level: Int32 = 3
    /// What is expanded needs no more memory for what came before, in bytes, as a power of two: 8 MiB, which RFC 8878 recommends.
    fileprivate static let window: Int32 = 23

    struct Trouble: Error {}

    /// - Returns: nil if that does not make it smaller.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var isSmaller = false
        let compressed = [UInt8](unsafeUninitializedCapacity: bytes.count) { room, count in
            let size = bytes.withUnsafeBytes { ZSTD_compress(room.baseAddress, room.count, $0.baseAddress, $0.count, level) }
            guard ZSTD_isError(size) == 0, size < bytes.count else { return }
            (count, isSmaller) = (size, true)
        }
        return isSmaller ? compressed : nil
    }

    /// - Parameter size: in bytes; no more than that is ever written.
    /// - Returns: nil for what are no such bytes compressed.
    static func expanded(_ bytes: [UInt8], size: Int) -> [UInt8]? {
        let expanded = [UInt8](unsafeUninitializedCapacity: size) { room, count in
            let found = bytes.withUnsafeBytes { ZSTD_decompress(room.baseAddress, size, $0.baseAddress, $0.count) }
            count = ZSTD_isError(found) == 0 ? found : 0
        }
        return expanded.count == size ? expanded : nil
    }
}

/// Compresses a stream, in constant memory. The same pieces make the same bytes.
final class ZstdCompressor: @unchecked Sendable {
    // Safe to share: it is of use by one thread at a time, whose lock holds what surrounds it.
    private let context: OpaquePointer

    /// Nil when out of memory.
    init?() {
        guard let context = ZSTD_createCCtx() else { return nil }
        self.context = context
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Zstd.level)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// - Parameters:
    ///   - isLast: whether the stream ends with this piece.
    ///   - take: receives what is ready.
    /// - Returns: false when out of memory.
    func compress(_ piece: UnsafeRawBufferPointer, isLast: Bool, _ take: (UnsafeRawBufferPointer) -> Void) -> Bool {
        var input = ZSTD_inBuffer(src: piece.baseAddress, size: piece.count, pos: 0)
        var isFinished = false
        while !isFinished {
            var left = 0
            withUnsafeTemporaryAllocation(byteCount: ZSTD_CStreamOutSize(), alignment: 1) { room in
                var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                left = ZSTD_compressStream2(context, &output, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
                take(UnsafeRawBufferPointer(rebasing: room.prefix(output.pos)))
            }
            guard ZSTD_isError(left) == 0 else { return false }
            isFinished = isLast ? left == 0 : input.pos == input.size
        }
        return true
    }
}

/// Expands a stream, in constant memory.
final class ZstdExpander: @unchecked Sendable {
    // Safe to share: it is of use by one thread at a time, whose lock holds what surrounds it.
    private let context: OpaquePointer

    /// Nil when out of memory.
    init?() {
        guard let context = ZSTD_createDCtx() else { return nil }
        self.context = context
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Zstd.window)
    }

    deinit { ZSTD_freeDCtx(context) }

    /// - Parameter take: receives what is ready, at most 128 KiB at a time; false ends it.
    /// - Returns: false if `take` wanted no more.
    func expand(_ piece: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) -> Bool) throws(Zstd.Trouble) -> Bool {
        var input = ZSTD_inBuffer(src: piece.baseAddress, size: piece.count, pos: 0)
        var isFull = true
        while input.pos < input.size || isFull {
            var (left, isWanted) = (0, true)
            withUnsafeTemporaryAllocation(byteCount: ZSTD_DStreamOutSize(), alignment: 1) { room in
                var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                left = ZSTD_decompressStream(context, &output, &input)
                isFull = output.pos == output.size
                if output.pos > 0, ZSTD_isError(left) == 0 { isWanted = take(UnsafeRawBufferPointer(rebasing: room.prefix(output.pos))) }
            }
            guard ZSTD_isError(left) == 0 else { throw Zstd.Trouble() }
            guard isWanted else { return false }
        }
        return true
    }
}
