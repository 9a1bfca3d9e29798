/// Bytes of which any stretch can be read while the rest stays where it is: a file, or an array.
public protocol RandomAccessBytes {
    /// How many there are.
    var count: Int { get }

    /// Fills the whole of a buffer with the bytes from an offset on.
    /// - Precondition: they all lie within the `count`.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws
}

extension RandomAccessBytes {
    /// A stretch of the bytes.
    public func bytes(in range: Range<Int>) throws -> [UInt8] {
        var failure: (any Error)?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            do {
                if !range.isEmpty { try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer)) }
                filled = range.count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Hands out all bytes in order, a piece at a time.
    public func forEachPiece(of size: Int = 256 << 10, _ body: ([UInt8]) throws -> Void) throws {
        for start in stride(from: 0, to: count, by: size) { try body(bytes(in: start..<min(start + size, count))) }
    }
}

extension Array: RandomAccessBytes where Element == UInt8 {
    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count])) }
    }
}
