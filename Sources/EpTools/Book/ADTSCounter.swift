/// Counts the frames of AAC in ADTS (ISO/IEC 13818-7), piece by piece.
struct ADTSCounter {
    static let samplesPerFrame = 1_024

    private(set) var frames = 0
    /// Bytes of a frame that are still to come.
    private var rest = 0
    /// The beginning of a header that a piece has ended in.
    private var header: [UInt8] = []
    private var isBroken = false

    /// True if all that came was whole frames.
    var isWhole: Bool { !isBroken && rest == 0 && header.isEmpty }

    mutating func take(_ bytes: some Collection<UInt8>) {
        var bytes = Array(bytes)[...]
        while !bytes.isEmpty, !isBroken {
            if rest > 0 {
                let passed = min(rest, bytes.count)
                bytes = bytes.dropFirst(passed)
                rest -= passed
                continue
            }
            let needed = 7 - header.count
            header += bytes.prefix(needed)
            bytes = bytes.dropFirst(needed)
            if header.count == 7 { beginFrame() }
        }
    }

    private mutating func beginFrame() {
        let length = Int(header[3] & 3) << 11 | Int(header[4]) << 3 | Int(header[5] >> 5)
        isBroken = header[0] != 0xFF || header[1] & 0xF0 != 0xF0 || length < 7
        frames += 1
        rest = length - 7
        header = []
    }
}
