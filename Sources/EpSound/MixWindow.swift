/// What is heard when, over a stretch of an episode: the whole timeline, or one part of it.
///
/// Positions are in samples at ``PCM/timelineRate``, relative to the stretch's start; sources are indices into the list of
/// sounds that a rendering is given. A window is a value (`Codable`), so it can be an input of an action.
public struct MixWindow: Hashable, Sendable, Codable {
    /// A voice or an effect, played once.
    public struct Placement: Hashable, Sendable, Codable {
        public var source: Int
        /// Where it begins; negative if that is before the window.
        public var offset: Int
        /// The first sample of the source that is played, and how many are.
        public var start: Int
        public var length: Int
        public var gainDecibels: Double
        /// −1 left, 0 middle, 1 right. A voice is equally loud everywhere; of a stereo sound, one side gets softer.
        public var pan: Double

        /// Parts of addresses: they stay, though a property is renamed.
        private enum CodingKeys: String, CodingKey {
            case source = "source", offset = "offset", start = "start", length = "length", gainDecibels = "gainDecibels", pan = "pan"
        }

        public init(source: Int, offset: Int, start: Int, length: Int, gainDecibels: Double, pan: Double = 0) {
            self.source = source
            self.offset = offset
            self.start = start
            self.length = length
            self.gainDecibels = gainDecibels
            self.pan = pan
        }

        /// Where it is heard.
        public var range: Range<Int> { offset..<offset + length }
    }

    /// Music under everything else.
    public struct Bed: Hashable, Sendable, Codable {
        public var source: Int
        /// Where in the source the window's first sample is; negative if the bed begins later.
        public var position: Int
        /// Samples of the source that are played, from its beginning: the length of the loop if it loops.
        public var length: Int
        /// Begins again at once when it ends, and has always been playing; the fades say when it is heard.
        public var isLooping: Bool
        public var levelDecibels: Double
        /// Its own beginning and end.
        public var fades: Envelope
        /// How it gives way to speech. Both envelopes act together.
        public var ducking: Envelope

        /// Parts of addresses, too.
        private enum CodingKeys: String, CodingKey {
            case source = "source", position = "position", length = "length", isLooping = "isLooping", levelDecibels = "levelDecibels",
                fades = "fades", ducking = "ducking"
        }

        public init(
            source: Int, position: Int, length: Int, isLooping: Bool, levelDecibels: Double,
            fades: Envelope = Envelope(), ducking: Envelope = Envelope()
        ) {
            self.source = source
            self.position = position
            self.length = length
            self.isLooping = isLooping
            self.levelDecibels = levelDecibels
            self.fades = fades
            self.ducking = ducking
        }
    }

    /// In samples. A multiple of ``MP3/samplesPerFrame``, unless it is the file's end.
    public var length: Int
    /// There is nothing before it, and nothing after it.
    public var isFirst: Bool
    public var isLast: Bool
    /// Added in this order, which is that of the timeline.
    public var placements: [Placement]
    public var beds: [Bed]
    /// How loud the noise of the room is, in dB of its power; nil: there is none.
    public var toneDecibels: Double?

    /// Parts of addresses, too.
    private enum CodingKeys: String, CodingKey {
        case length = "length", isFirst = "isFirst", isLast = "isLast", placements = "placements", beds = "beds", toneDecibels = "tone"
    }

    public init(length: Int, isFirst: Bool, isLast: Bool, placements: [Placement] = [], beds: [Bed] = [], toneDecibels: Double? = nil) {
        self.length = length
        self.isFirst = isFirst
        self.isLast = isLast
        self.placements = placements
        self.beds = beds
        self.toneDecibels = toneDecibels
    }

    /// How far the neighbours' sound reaches into a part, in samples on either side: two MP3 frames of context for
    /// the encoder, and one for the limiter.
    public static let reach = 3 * MP3.samplesPerFrame
}

extension MixWindow {
    /// A window of a timeline, and the sounds that it needs.
    public struct Part: Hashable, Sendable, Codable {
        public var window: MixWindow
        /// The sources of the timeline in the order in which the window counts them.
        public var sources: [Int]
    }

    /// The part of this timeline that somebody needs to make `range` of the file: everything that is heard in it or within
    /// ``reach`` of it, counted from its start. Nothing else enters, so a part stays equal when it moves or others change.
    public func part(_ range: Range<Int>) -> Part {
        let audible = range.lowerBound - Self.reach..<range.upperBound + Self.reach
        var sources: [Int] = []
        func index(_ source: Int) -> Int {
            if let known = sources.firstIndex(of: source) { return known }
            sources.append(source)
            return sources.count - 1
        }
        var part = MixWindow(
            length: range.count, isFirst: isFirst && range.lowerBound == 0, isLast: isLast && range.upperBound == length,
            toneDecibels: toneDecibels)
        for var placement in placements where placement.range.overlaps(audible) {
            placement.source = index(placement.source)
            placement.offset -= range.lowerBound
            part.placements.append(placement)
        }
        for bed in beds {
            guard var bed = bed.window(audible, origin: range.lowerBound) else { continue }
            bed.source = index(bed.source)
            part.beds.append(bed)
        }
        return Part(window: part, sources: sources)
    }
}

extension MixWindow.Bed {
    /// Nil if it is not heard within `range`.
    fileprivate func window(_ range: Range<Int>, origin: Int) -> Self? {
        var bed = self
        bed.fades = fades.window(range, origin: origin)
        bed.ducking = ducking.window(range, origin: origin)
        bed.position += origin
        if isLooping {
            bed.position = Self.wrapped(bed.position, length)
        } else if !(range.lowerBound + position..<range.upperBound + position).overlaps(0..<length) {
            return nil
        }
        return bed.fades.isSilent || bed.ducking.isSilent ? nil : bed
    }

    /// A position within a loop.
    static func wrapped(_ position: Int, _ length: Int) -> Int {
        let rest = position % max(1, length)
        return rest < 0 ? rest + length : rest
    }
}
