public import EpCore

/// What the header of an MP4 file says of its first video track. Nothing is decoded.
public struct MP4Video: Hashable, Sendable {
    /// How it is to be decoded (`avcC`, ISO/IEC 14496-15): files can be joined if it is the same.
    public let configuration: [UInt8]
    public let frames: Int

    /// - Throws: `badInput` for what is no MP4 with H.264 in it, or is cut short.
    public init(_ bytes: any RandomAccessBytes, named name: String) throws {
        let problem = Diagnostic(.badInput, "this is no MP4 file with H.264 in it, or it is cut short", at: SourceLocation(file: name))
        let file = try MP4Box.all(in: 0..<bytes.count, of: bytes)
        for track in try MP4Box.inside(file, ["moov", "trak"], of: bytes) {
            let table = try MP4Box.inside([track], ["trak", "mdia", "minf", "stbl"], of: bytes)
            let parts = try table.flatMap { try MP4Box.all(in: $0.content, of: bytes) }
            guard let entries = parts.first(where: { $0.kind == "stsd" }), let sizes = parts.first(where: { $0.kind == "stsz" }) else {
                continue
            }
            // Version, flags and a count stand before the entries; 78 bytes of an entry before the boxes in it.
            guard entries.content.count > 8, sizes.content.count >= 12 else { throw problem }
            let found = try MP4Box.all(in: entries.content.lowerBound + 8..<entries.content.upperBound, of: bytes)
            guard let video = found.first(where: { $0.kind == "avc1" }), video.content.count > 78 else { continue }
            let inner = try MP4Box.all(in: video.content.lowerBound + 78..<video.content.upperBound, of: bytes)
            guard let configuration = inner.first(where: { $0.kind == "avcC" }) else { throw problem }
            self.configuration = try bytes.bytes(in: configuration.content)
            frames = try bytes.bytes(in: sizes.content.lowerBound + 8..<sizes.content.lowerBound + 12).reduce(0) { $0 << 8 | Int($1) }
            return
        }
        throw problem
    }
}

/// A box of an MP4 file: its kind, and where what is in it stands.
private struct MP4Box {
    let kind: String
    let content: Range<Int>

    /// The boxes that stand one after the other in a range, as far as they are whole.
    static func all(in range: Range<Int>, of bytes: any RandomAccessBytes) throws -> [MP4Box] {
        var boxes: [MP4Box] = []
        var start = range.lowerBound
        while start + 8 <= range.upperBound {
            let header = try bytes.bytes(in: start..<min(start + 16, range.upperBound))
            var (size, length) = (header[0..<4].reduce(0) { $0 << 8 | Int($1) }, 8)
            if size == 1, header.count == 16, header[8] == 0 { (size, length) = (header[9..<16].reduce(0) { $0 << 8 | Int($1) }, 16) }
            if size == 0 { size = range.upperBound - start }
            guard size >= length, size <= range.upperBound - start else { return boxes }
            boxes.append(MP4Box(kind: String(decoding: header[4..<8], as: UTF8.self), content: start + length..<start + size))
            start += size
        }
        return boxes
    }

    /// The boxes at the end of a path that begins with one of these.
    static func inside(_ boxes: [MP4Box], _ path: [String], of bytes: any RandomAccessBytes) throws -> [MP4Box] {
        var found = boxes.filter { $0.kind == path.first }
        for kind in path.dropFirst() { found = try found.flatMap { try all(in: $0.content, of: bytes) }.filter { $0.kind == kind } }
        return found
    }
}
