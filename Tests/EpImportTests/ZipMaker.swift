import CZlib

/// Makes ZIP archives for tests.
enum ZipMaker {
    static func archive(_ files: [String: [UInt8]], isPacked: Bool = false) -> [UInt8] {
        var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            let data = isPacked ? packed(content) : content
            let checksum = Int(crc32(0, content, UInt32(content.count)))
            let common =
                word(20) + word(0) + word(isPacked ? 8 : 0) + word(0) + word(0) + long(checksum) + long(data.count) + long(content.count)
                + word(name.utf8.count) + word(0)
            directory +=
                long(0x0201_4B50) + word(20) + common + word(0) + word(0) + word(0) + long(0) + long(bytes.count) + Array(name.utf8)
            bytes += long(0x0403_4B50) + common + Array(name.utf8) + data
        }
        let end =
            long(0x0605_4B50) + word(0) + word(0) + word(files.count) + word(files.count) + long(directory.count) + long(bytes.count)
            + word(0)
        return bytes + directory + end
    }

    private static func packed(_ content: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        precondition(
            deflateInit2_(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { deflateEnd(&stream) }
        var content = content
        return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(content.count)))) { output, written in
            content.withUnsafeMutableBufferPointer { input in
                (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
                deflate(&stream, Z_FINISH)
                written = output.count - Int(stream.avail_out)
            }
        }
    }

    private static func word(_ number: Int) -> [UInt8] { [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)] }
    private static func long(_ number: Int) -> [UInt8] { word(number) + word(number >> 16) }
}
