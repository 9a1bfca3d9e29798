extension MP3 {
    /// The bytes of some frames of a part: none needs the frame before it, so that they can be played by themselves.
    /// - Parameter range: counted from the part's first frame; what lies beyond its end is left out.
    public static func frames(_ range: Range<Int>, of part: [UInt8]) -> ArraySlice<UInt8> {
        let starts = part.withUnsafeBytes { bytes in
            var starts = [0]
            while starts.count <= range.upperBound, let header = MP3FrameHeader(bytes, at: starts[starts.count - 1]) {
                starts.append(starts[starts.count - 1] + header.size)
            }
            return starts
        }
        let last = starts.count - 1
        return part[min(starts[min(range.lowerBound, last)], part.count)..<min(starts[min(range.upperBound, last)], part.count)]
    }

    /// The frames in which some samples are heard, by a decoder that knows nothing of those before.
    public static func frames(holding samples: Range<Int>) -> Range<Int> {
        // The decoder's first frame comes out as half of it, and the encoder has put the sound behind its delay.
        max(0, samples.lowerBound / samplesPerFrame - 1)..<max(0, samples.upperBound + encoderDelay) / samplesPerFrame + 2
    }
}
