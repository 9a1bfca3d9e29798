/// A level that changes over time: points, and smooth ramps between them.
///
/// Before the first point its level holds, after the last one the last; without points it is 0 dB. A ramp goes from
/// amplitude to amplitude along t²(3 − 2t), which begins and ends without a corner, and reaches silence. The level at a
/// sample depends only on the two points around it, so a window of a longer envelope gives the same samples.
public struct Envelope: Hashable, Sendable, Codable {
    public struct Point: Hashable, Sendable, Codable {
        /// In samples, relative to the start of the window; may lie outside of it.
        public let sample: Int
        /// ``Decibels/silence`` or less is silence.
        public let decibels: Double

        /// Parts of addresses: they stay, though a property is renamed.
        private enum CodingKeys: String, CodingKey { case sample = "sample", decibels = "decibels" }

        public init(at sample: Int, decibels: Double) {
            self.sample = sample
            self.decibels = decibels
        }
    }

    /// By time; two points at one sample are a step.
    public let points: [Point]

    /// A part of addresses, too.
    private enum CodingKeys: String, CodingKey { case points = "points" }

    /// - Precondition: the points are in order of time.
    public init(_ points: [Point] = []) {
        precondition(zip(points, points.dropFirst()).allSatisfy { $0.sample <= $1.sample })
        self.points = points
    }

    /// Up from silence at the beginning of a range, down to it at the end.
    /// - Parameters:
    ///   - fadeIn: in samples; 0 begins at once.
    ///   - fadeOut: in samples. Both are shortened if the range does not hold them.
    public static func fading(_ range: Range<Int>, in fadeIn: Int, out fadeOut: Int) -> Envelope {
        let fadeIn = min(fadeIn, range.count / 2)
        let fadeOut = min(fadeOut, range.count / 2)
        return Envelope([
            Point(at: range.lowerBound, decibels: Decibels.silence), Point(at: range.lowerBound + fadeIn, decibels: 0),
            Point(at: range.upperBound - fadeOut, decibels: 0), Point(at: range.upperBound, decibels: Decibels.silence),
        ])
    }

    /// Low wherever somebody speaks: down when speech begins, rising when it ends, and down throughout pauses
    /// that are too short to rise and fall again.
    /// - Parameters:
    ///   - speech: where somebody speaks, in order of beginning.
    ///   - decibels: the level under speech, such as −20.
    ///   - fade: samples of one fade, such as 88,200 for 2 s.
    public static func ducking(under speech: some Sequence<Range<Int>>, decibels: Double, fade: Int) -> Envelope {
        let stretches: [Range<Int>] = speech.reduce(into: []) { merged, range in
            if let last = merged.last, range.lowerBound - last.upperBound < 2 * fade {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return Envelope(
            stretches.flatMap {
                [
                    Point(at: $0.lowerBound - fade, decibels: 0), Point(at: $0.lowerBound, decibels: decibels),
                    Point(at: $0.upperBound, decibels: decibels), Point(at: $0.upperBound + fade, decibels: 0),
                ]
            })
    }
}

extension Envelope {
    /// The same envelope as somebody sees it who knows only `range`, and counts from `origin`.
    ///
    /// Only what can be heard within `range` is kept: a ramp that crosses its edge keeps both ends, of a level that
    /// holds it is not told since when. So a change far away changes nothing here, and what is heard is the same to the bit.
    func window(_ range: Range<Int>, origin: Int) -> Envelope {
        let heard = segments(in: range)
        var kept: [Point] = []
        func keep(_ sample: Int, _ decibels: Double) {
            let point = Point(at: sample - origin, decibels: decibels)
            if kept.last != point { kept.append(point) }
        }
        for segment in heard {
            let atStart = segment.range.lowerBound == range.lowerBound
            let atEnd = segment.range.upperBound == range.upperBound
            if !segment.isConstant {
                keep(segment.from.sample, segment.from.decibels)
                keep(segment.to.sample, segment.to.decibels)
            } else {
                if !atStart { keep(segment.range.lowerBound, segment.from.decibels) }
                if !atEnd { keep(segment.range.upperBound, segment.from.decibels) }
            }
        }
        if kept.isEmpty, let level = heard.first?.from.decibels, level != 0 { kept = [Point(at: 0, decibels: level)] }
        return Envelope(kept)
    }

    /// Whether nothing but silence remains of what it is applied to.
    var isSilent: Bool { !points.isEmpty && points.allSatisfy { $0.decibels <= Decibels.silence } }
}

extension Envelope {
    /// A stretch over which the amplitude is constant, or goes along one ramp.
    struct Segment {
        let range: Range<Int>
        let from: Point
        let to: Point
        let low: Float
        let high: Float

        init(_ range: Range<Int>, from: Point, to: Point) {
            self.range = range
            self.from = from
            self.to = to
            low = Decibels.amplitude(from.decibels)
            high = Decibels.amplitude(to.decibels)
        }

        var isConstant: Bool { low == high }
        var isSilent: Bool { low == 0 && high == 0 }

        @inline(__always)
        func amplitude(at sample: Int) -> Float {
            if isConstant { return low }
            let t = Float(sample &- from.sample) / Float(to.sample &- from.sample)
            return low + (high - low) * (t * t * (3 - 2 * t))
        }
    }

    /// The segments that cover a range, in order and without a gap.
    func segments(in range: Range<Int>) -> [Segment] {
        guard let first = points.first, let last = points.last else {
            let flat = Point(at: 0, decibels: 0)
            return [Segment(range, from: flat, to: flat)]
        }
        var segments: [Segment] = []
        func add(_ start: Int, _ end: Int, _ from: Point, _ to: Point) {
            let part = range.clamped(to: start..<end)
            if !part.isEmpty { segments.append(Segment(part, from: from, to: to)) }
        }
        add(.min, first.sample, first, first)
        for (from, to) in zip(points, points.dropFirst()) { add(from.sample, to.sample, from, to) }
        add(last.sample, .max, last, last)
        return segments
    }
}
