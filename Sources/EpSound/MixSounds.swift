/// The sounds of a rendering: each is opened when it is first heard, and let go when it is heard no more.
///
/// A short sound is in memory once, however often it is played; of a long one, each place at which it is played has its own stretch.
public final class MixSounds {
    /// One place of a window at which a sound is played: a placement or a bed, by its index.
    enum Use: Hashable {
        case placement(Int)
        case bed(Int)
    }

    public let count: Int
    private let make: (Int) throws -> SoundStream
    private var shared: [Int: SoundStream] = [:]
    private var own: [Use: SoundStream] = [:]

    /// - Parameter make: gives the sound with an index, as the window counts its sources.
    public init(count: Int, make: @escaping (Int) throws -> SoundStream) {
        self.count = count
        self.make = make
    }

    public convenience init(_ sounds: [PCM]) { self.init(count: sounds.count) { SoundStream(sounds[$0]) } }

    func stream(_ source: Int, for use: Use) throws -> SoundStream {
        if let known = shared[source] ?? own[use] { return known }
        let stream = try make(source)
        if stream.count <= SoundStream.held { shared[source] = stream } else { own[use] = stream }
        return stream
    }

    /// Lets go of what is heard no more from a sample of a window on.
    func forget(before sample: Int, of window: MixWindow) {
        var needed: Set<Int> = []
        for (index, placement) in window.placements.enumerated() {
            if placement.range.upperBound <= sample { own[.placement(index)] = nil } else { needed.insert(placement.source) }
        }
        // A bed is let go with its window: its fades may bring it back.
        for bed in window.beds { needed.insert(bed.source) }
        for source in shared.keys where !needed.contains(source) { shared[source] = nil }
    }
}
