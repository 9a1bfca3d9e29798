public import EpCore

/// Where a long recording is cut into pieces that are listened to one by one.
///
/// A cut lies where nothing is quieter within 15 s; what is longer than 29 s is cut again at its quietest place. So where a cut
/// lies depends on the sound around it alone: who changes a second of an hour moves the cuts around that second, and every other
/// piece has the samples that it had.
public struct SpeechCuts: Hashable, Sendable {
    public struct Piece: Hashable, Sendable {
        /// Samples of the recording.
        public let range: Range<Int>
        /// Nothing in it is louder than −60 dBFS: there is nothing to listen to.
        public let isSilent: Bool

        public init(_ range: Range<Int>, isSilent: Bool) { (self.range, self.isSilent) = (range, isSilent) }
    }

    /// Samples a second: what recognizers listen to.
    public static let sampleRate = 16_000
    /// In order; together they are the whole recording. None if that is empty.
    public let pieces: [Piece]

    /// A recognizer works on 30 s at a time, whatever it is given: a piece is never longer.
    static let longest = 29 * sampleRate
    /// Most pieces are longer than this: each has its cost, however short it is.
    static let usual = 29 * sampleRate / 2
    /// None is shorter, unless the recording is.
    static let shortest = 10 * sampleRate
    /// How far around a cut nothing is quieter.
    static let radius = 15 * sampleRate
    /// −60 dBFS.
    static let silence: Float = 0.001
    /// Read at a time, in samples.
    private static let step = 4 * sampleRate

    /// - Parameter sound: one channel of 16 kHz, as ffmpeg makes it for recognizers.
    /// - Throws: `badInput` for sound of another form; what reading it throws.
    public init(of sound: WAVFile) throws {
        guard sound.sampleRate == Self.sampleRate, sound.channelCount == 1 else {
            throw Diagnostic(
                .badInput, "sound that is to be cut has one channel of 16,000 Hz, not \(sound.channelCount) of \(sound.sampleRate)")
        }
        var quiet = QuietPlaces()
        for start in stride(from: 0, to: sound.count, by: Self.step) {
            quiet.listen(to: try sound.samples(in: start..<min(sound.count, start + Self.step))[0])
        }
        pieces = try Self.ranges(quiet.places, count: sound.count).map { Piece($0, isSilent: try Self.isSilent($0, of: sound)) }
    }

    /// - Parameter count: samples of the recording.
    static func ranges(_ places: [QuietPlaces.Place], count: Int) -> [Range<Int>] {
        if count <= longest { return count == 0 ? [] : [0..<count] }
        let cuts = [0] + clearCuts(places, count: count) + [count]
        return zip(cuts, cuts.dropFirst()).flatMap { divided($0..<$1, at: places) }
    }

    private static func isSilent(_ range: Range<Int>, of sound: WAVFile) throws -> Bool {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: step) {
            let samples = try sound.samples(in: start..<min(range.upperBound, start + step))[0]
            if samples.contains(where: { abs($0) >= silence }) { return false }
        }
        return true
    }

    /// The places that are the quietest far around.
    private static func clearCuts(_ places: [QuietPlaces.Place], count: Int) -> [Int] {
        places.indices.filter { index in
            let place = places[index]
            guard place.position >= shortest, place.position <= count - shortest else { return false }
            let before = places[..<index].reversed().prefix { place.position - $0.position <= radius }
            let after = places[(index + 1)...].prefix { $0.position - place.position <= radius }
            return before.allSatisfy { $0.energy > place.energy } && after.allSatisfy { $0.energy >= place.energy }
        }.map { places[$0].position }
    }

    private static func divided(_ range: Range<Int>, at places: [QuietPlaces.Place]) -> [Range<Int>] {
        guard range.count > longest else { return [range] }
        let cut = quietest(in: range, places)
        return divided(range.lowerBound..<cut, at: places) + divided(cut..<range.upperBound, at: places)
    }

    /// Where a piece that is too long is cut: halves of a usual length are worth a louder place, up to 6 dB.
    private static func quietest(in range: Range<Int>, _ places: [QuietPlaces.Place]) -> Int {
        func best(_ margin: Int) -> QuietPlaces.Place? {
            let zone = range.lowerBound + margin...range.upperBound - margin
            return places.lazy.filter { zone.contains($0.position) }.min { $0.energy < $1.energy }
        }
        // Sound that is the same all the time has no such place.
        guard let any = best(shortest) else { return range.lowerBound + range.count / 2 }
        guard let usual = best(usual), usual.energy / 4 <= any.energy else { return any.position }
        return usual.position
    }
}

extension SpeechCuts {
    /// The samples of one piece as a WAV file, bit by bit.
    /// - Throws: what reading them throws.
    public static func wav(of piece: Piece, from sound: WAVFile) throws -> [UInt8] {
        PCM(sampleRate: sound.sampleRate, channels: try sound.samples(in: piece.range)).wav()
    }

    /// One piece a line, as `start end`, and `silent` behind them.
    public var text: String {
        pieces.map { "\($0.range.lowerBound) \($0.range.upperBound)\($0.isSilent ? " silent" : "")\n" }.joined()
    }

    public init(pieces: [Piece]) { self.pieces = pieces }

    /// Reads what ``text`` wrote.
    /// - Throws: `badInput` for anything else.
    public init(text: String) throws(Diagnostic) {
        var pieces: [Piece] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard (2...3).contains(parts.count), let start = Int(parts[0]), let end = Int(parts[1]), start < end else {
                throw Diagnostic(.badInput, "these are no cuts of a recording: \(line)")
            }
            pieces.append(Piece(start..<end, isSilent: parts.count == 3))
        }
        self.pieces = pieces
    }
}
