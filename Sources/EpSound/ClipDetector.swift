/// Finds where sound rests at full scale: three samples in a row at the same extreme.
struct ClipDetector {
    private(set) var isClipped = false
    private var last: Float?
    private var run = 1

    /// Goes on with the next samples of one channel.
    mutating func listen(to samples: [Float]) {
        if isClipped { return }
        samples.withUnsafeBufferPointer { samples in
            for sample in samples {
                run = sample == last && abs(sample) >= 0.99 ? run + 1 : 1
                last = sample
                if run == 3 {
                    isClipped = true
                    return
                }
            }
        }
    }
}
