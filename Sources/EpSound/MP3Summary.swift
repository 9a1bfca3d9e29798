public import EpCore

/// What joining must know of a part: so small that the file's header can be made without reading the parts.
public struct MP3Summary: Hashable, Sendable, Codable {
    public let frameCount: Int
    public let byteCount: Int
    /// CRC-16 of all bytes, as LAME's tag has it of the whole file.
    public let checksum: UInt16

    public init(frameCount: Int, byteCount: Int, checksum: UInt16) {
        self.frameCount = frameCount
        self.byteCount = byteCount
        self.checksum = checksum
    }

    private enum CodingKeys: String, CodingKey { case frameCount = "frames", byteCount = "bytes", checksum = "crc16" }

    public static let empty = MP3Summary(frameCount: 0, byteCount: 0, checksum: 0)

    /// The summary of two parts after each other.
    public func followed(by next: MP3Summary) -> MP3Summary {
        MP3Summary(
            frameCount: frameCount + next.frameCount, byteCount: byteCount + next.byteCount,
            checksum: CRC16.joined(checksum, next.checksum, length: next.byteCount))
    }

    /// Walks through the frames of a part and checks that they can be joined with others: nothing but whole frames of
    /// one bit rate at 44.1 kHz, none of which needs bits of the frame before it.
    /// - Throws: `badInput` if they cannot.
    public init(of bytes: some ContiguousBytes, named name: String) throws(Diagnostic) {
        let result = bytes.withBytes { bytes in
            Result { () throws(Diagnostic) in try Self.walk(bytes, name: name) }
        }
        self = try result.get()
    }

    private static func walk(_ bytes: UnsafeRawBufferPointer, name: String) throws(Diagnostic) -> MP3Summary {
        func fail(_ what: String, at offset: Int) -> Diagnostic {
            Diagnostic(.badInput, "this MP3 part \(what) (at byte \(offset))", at: SourceLocation(file: name))
        }
        var offset = 0
        var count = 0
        var bitrate: Int?
        while offset < bytes.count {
            guard let header = MP3FrameHeader(bytes, at: offset) else { throw fail("has no frame", at: offset) }
            guard offset + header.size <= bytes.count else { throw fail("ends within a frame", at: offset) }
            guard header.sampleRate == PCM.timelineRate, bitrate ?? header.bitrate == header.bitrate else {
                throw fail("changes its sample rate or bit rate", at: offset)
            }
            // The side information begins with nine bits: how far back the frame's data begin.
            let side = offset + header.sideInformationStart
            guard bytes[side] == 0, bytes[side + 1] & 0x80 == 0 else {
                throw fail("needs the frame before it", at: offset)
            }
            bitrate = header.bitrate
            offset += header.size
            count += 1
        }
        return MP3Summary(frameCount: count, byteCount: bytes.count, checksum: CRC16.of(bytes))
    }
}

extension MP3Summary {
    /// One line of JSON; the same summary gives the same text.
    public var json: String {
        let value: Value = [
            "frames": .int(Int64(frameCount)), "bytes": .int(Int64(byteCount)), "crc16": .int(Int64(checksum)),
        ]
        return value.json()
    }

    /// Reads what ``json`` wrote.
    /// - Throws: `badInput` for anything else.
    public init(json bytes: [UInt8], named name: String) throws(Diagnostic) {
        self = try SoundJSON.decode(bytes, named: name, what: "summary of an MP3 part")
    }
}
