/// A sound at the timeline's rate, of which a stretch at a time is in memory.
///
/// It is made to be read forward. Whoever goes back makes it begin anew, unless all of it is in memory, as short sounds are.
/// Wherever it is read, it has the same samples.
public final class SoundStream {
    /// A sound up to this length is in memory as a whole, in samples at the timeline's rate.
    static let held = 30 * PCM.timelineRate
    /// Of a longer one, so much is read at a time.
    private static let step = 2 * PCM.timelineRate

    private let source: any SampleSource
    /// In samples at the timeline's rate.
    public let count: Int
    /// Called with each piece of the sound as it was written, from its beginning on.
    var onInput: (([[Float]]) -> Void)?

    /// What is in memory, and where it begins.
    private var channels: [[Float]]
    private var start = 0
    private var resamplers: [Resampler] = []
    /// How much of the source has been read.
    private var consumed = 0

    public convenience init(_ sound: PCM) { self.init(source: sound) }
    public convenience init(_ file: WAVFile) { self.init(source: file) }

    init(source: any SampleSource) {
        self.source = source
        count = Resampler.count(source.count, from: source.sampleRate, to: PCM.timelineRate)
        channels = Array(repeating: [], count: source.channelCount)
    }

    public var isStereo: Bool { source.channelCount == 2 }
    public var seconds: Double { Double(source.count) / Double(source.sampleRate) }

    private var end: Int { start + channels[0].count }

    /// Hands out a stretch of one channel.
    /// - Parameter range: within what was last loaded.
    @inline(__always)
    func withSamples<Answer>(
        of channel: Int, in range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) throws -> Answer
    ) rethrows -> Answer {
        try channels[channel].withUnsafeBufferPointer { try body($0.extracting(range.lowerBound - start..<range.upperBound - start)) }
    }

    /// Brings a stretch into memory.
    func load(_ range: Range<Int>) throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        if range.lowerBound >= start && range.upperBound <= end { return }
        if range.lowerBound < start { rewind() }
        if source.sampleRate == PCM.timelineRate, onInput == nil, range.lowerBound > end { skip(to: range.lowerBound) }
        while end < range.upperBound {
            if count > Self.held { forget(before: range.lowerBound) }
            try readOn()
        }
        if count > Self.held { forget(before: range.lowerBound) }
    }

    /// Hands out stretches of a range in order, each with its channels.
    func forEachPiece(of range: Range<Int>, step: Int, _ body: (Range<Int>, [UnsafeBufferPointer<Float>]) -> Void) throws {
        for lower in stride(from: range.lowerBound, to: range.upperBound, by: step) {
            let piece = lower..<min(lower + step, range.upperBound)
            try load(piece)
            withSamples(of: 0, in: piece) { left in
                guard isStereo else { return body(piece, [left]) }
                withSamples(of: 1, in: piece) { body(piece, [left, $0]) }
            }
        }
    }

    /// All of it; nil of a sound that is too long to be in memory.
    public func whole() throws -> PCM? {
        guard count <= Self.held else { return nil }
        try load(0..<count)
        return PCM(sampleRate: PCM.timelineRate, channels: channels)
    }

    private func rewind() { restart(at: 0) }

    /// Without a resampler, a sample is where it is.
    private func skip(to place: Int) { restart(at: place) }

    private func restart(at place: Int) {
        (start, consumed, resamplers) = (place, place, [])
        for channel in channels.indices { channels[channel].removeAll(keepingCapacity: true) }
    }

    private func forget(before place: Int) {
        let gone = min(max(0, place - start), channels[0].count)
        if gone == 0 { return }
        for channel in channels.indices { channels[channel].removeFirst(gone) }
        start += gone
    }

    private func readOn() throws {
        let most = count <= Self.held ? source.count : Self.step * source.sampleRate / PCM.timelineRate
        let range = consumed..<min(source.count, consumed + most)
        let input = try source.samples(in: range)
        consumed = range.upperBound
        onInput?(input)
        guard source.sampleRate != PCM.timelineRate else {
            for channel in channels.indices { channels[channel] += input[channel] }
            return
        }
        for channel in channels.indices {
            if resamplers.count == channel { resamplers.append(try Resampler(from: source.sampleRate, to: PCM.timelineRate)) }
            resamplers[channel].feed(input[channel], to: &channels[channel])
            if consumed == source.count { complete(channel) }
        }
    }

    /// The last samples, of which the resampler may have made one too many.
    private func complete(_ channel: Int) {
        let made = start + channels[channel].count
        if made > count { channels[channel].removeLast(made - count) }
        if made < count { resamplers[channel].finish(count - made, to: &channels[channel]) }
    }
}
