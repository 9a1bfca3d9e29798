public import EpCore
public import EpEngine
public import EpPlan
import EpTools
import Synchronization

/// Hands out what is new in the mix of an episode as soon as its sounds are there: before its part is encoded, and long before the file is
/// joined.
///
/// What is new is a sound that the episode had not before; where there is none, two sounds that did not follow each other so. The gain of
/// an episode is known only when all of its parts are measured: what is handed out before has that of the last build.
public final class ChangedSounds: BuildObserver, Precedence, Sendable {
    /// A stretch of the finished episode.
    public struct Clip {
        /// Whose sound is new; nil where something went away or moved.
        public let target: Target?
        /// Where that is written.
        public let place: SourceLocation?
        /// Hands out MP3 frames in their order, some at a time, as they are made: those of the delivered file, if its gain stays.
        public let forEachPiece: (_ body: ([UInt8]) throws -> Void) throws -> Void
    }

    /// More than so many are no edit that a person listens to.
    private static let most = 8

    private struct State {
        var episodes: [String: MixedSounds] = [:]
        var reader = MixPartReader()
        /// Of the build that goes on.
        var results = EndedSteps()
        var told = 0
        /// The windows of parts that have been handed out.
        var heard: Set<[UInt8]> = []
    }

    private let builder: Builder
    private let tell: @Sendable (Clip) -> Void
    private let state = Mutex(State())
    private let turn = ReadingTurn()

    /// - Parameter tell: is given what is new, in the order in which it is made. What it does holds up those that come after.
    public init(_ builder: Builder, tell: @escaping @Sendable (Clip) -> Void) {
        (self.builder, self.tell) = (builder, tell)
        KnownSounds.shared.keep()
    }

    public func observe(_ event: BuildEvent) {
        // Also of what cannot be handed out.
        defer { turn.pass(event.sequence, of: event.build) }
        switch event.kind {
        case .started: state.withLock { ($0.results, $0.told, $0.heard) = (EndedSteps(), 0, []) }
        case .actionStarted(let start):
            guard let planned = start.planned else { return }
            let beside = state.withLock { state in
                state.results.note(planned.id, start.site, planned.step, planned.inputs)
                return MixPart.isMadeFor(by: planned.step) ? state.episodes[event.episode]?.beside(start.site.target) ?? [] : []
            }
            // While somebody speaks, there is time for what is heard around that.
            for sound in beside { prepare(sound) }
            // All that it measures is there; what it will be is what it was, but for the edit.
            guard let (part, news, results) = news(of: planned.step, event), !part.isEncoded,
                let level = state.withLock({ $0.episodes[event.episode]?.level })
            else { return }
            hand(out: news, of: part, event) { range, body in
                try part.encode(range, level, open: { try self.open($0, results) }, to: body)
            }
        case .actionFinished(let end):
            state.withLock { $0.results.note(end) }
            guard let step = end.planned?.step, let (part, news, _) = news(of: step, event), part.isEncoded,
                let output = end.result.output(MixPart.output), let bytes = try? builder.bytes(of: output.digest)
            else { return }
            hand(out: news, of: part, event) { range, body in try body(MixPart.frames(of: bytes, holding: range)) }
        case .finished(let report):
            guard report.outcome == .built else { return }
            learn(event.episode, state.withLock(\.results))
        default: return
        }
    }

    /// What makes new sounds is on the way to the person. All else waits until it is known whether something is new in it, and until the
    /// first of that is handed out: on two processors it would be heard half as soon.
    public func giveWay(_ step: Step, of build: BuildID, after event: Int) async {
        guard !MixPart.isMadeFor(by: step) else { return }
        await turn.reach(event, of: build)
    }

    /// True if it is known what an episode was made of: before, nothing is new.
    public func knows(_ place: EpisodePlace) -> Bool { state.withLock { $0.episodes[place.directory] != nil } }

    /// Takes in what an episode is made of.
    public func learn(_ inspection: Inspection) {
        var results = EndedSteps()
        inspection.ended.forEach { results.note($0) }
        learn(inspection.place.directory, results)
    }

    private func learn(_ episode: String, _ results: EndedSteps) {
        state.withLock { state in
            var sounds = MixedSounds(results, &state.reader)
            sounds.level = results.level { source in results.digest(of: source).flatMap { try? builder.bytes(of: $0) } }
            state.episodes[episode] = sounds
        }
    }

    /// What is new in the part that a step has to do with; nil if nothing is, or if it has been handed out.
    private func news(of step: Step, _ event: BuildEvent) -> (MixPart, [MixedSounds.New], EndedSteps)? {
        state.withLock { state in
            guard let known = state.episodes[event.episode], let part = state.reader.part(of: step), !state.heard.contains(part.text)
            else { return nil }
            let news = known.new(in: part, state.results).prefix(Self.most - state.told)
            return news.isEmpty ? nil : (part, Array(news), state.results)
        }
    }

    private func hand(
        out news: [MixedSounds.New], of part: MixPart, _ event: BuildEvent,
        frames: @escaping (Range<Int>, _ body: ([UInt8]) throws -> Void) throws -> Void
    ) {
        state.withLock { state in
            state.heard.insert(part.text)
            state.told += news.count
        }
        for new in news {
            tell(
                Clip(target: new.maker?.target, place: new.maker?.place) { [turn] body in
                    try frames(new.range) { piece in
                        try body(piece)
                        // From now on it is made faster than it is heard.
                        turn.pass(.max, of: event.build)
                    }
                })
        }
    }

    private func prepare(_ sound: Digest) {
        if let bytes = try? builder.bytes(of: sound) { KnownSounds.shared.prepare(bytes) }
    }

    private func open(_ source: ArtifactSource, _ results: EndedSteps) throws -> any RandomAccessBytes {
        guard let digest = results.digest(of: source), let bytes = try builder.open(source, digest) else {
            throw Diagnostic(.damagedCache, "a sound of the mix is gone", remedy: "build again")
        }
        return bytes
    }
}

/// The finished steps of one build.
private struct EndedSteps {
    private(set) var ends: [StepID: BuildEvent.StepEnd] = [:]
    /// Of steps that have started: some are not stored yet when others read what they have made.
    private var sites: [StepID: StepSite] = [:]
    private var inputs: [ArtifactSource: Digest] = [:]

    mutating func note(_ id: StepID, _ site: StepSite, _ step: Step, _ digests: [Digest]) {
        sites[id] = site
        for (input, digest) in zip(step.inputs, digests) { if case .output = input.source { inputs[input.source] = digest } }
    }

    mutating func note(_ end: BuildEvent.StepEnd) { if let planned = end.planned { ends[planned.id] = end } }

    /// Nil if no part is encoded, or the gain cannot be read.
    func level(_ read: (ArtifactSource) -> [UInt8]?) -> MixLevel? {
        for case (_, let step)? in ends.values.map(\.planned) {
            if let level = MixLevel(of: step, gain: read) { return level }
        }
        return nil
    }

    func maker(of source: ArtifactSource) -> StepSite? {
        guard case .output(let step, _) = source else { return nil }
        return ends[step]?.site ?? sites[step]
    }

    func digest(of source: ArtifactSource) -> Digest? {
        switch source {
        case .literal(let bytes): Digest(of: bytes)
        case .file(let file): file.digest
        case .output(let step, let path): ends[step]?.result.output(path)?.digest ?? inputs[source]
        }
    }
}

/// What the mix of an episode is made of.
private struct MixedSounds {
    /// Two sounds, and how many samples lie between the beginnings of both.
    private struct Seam: Hashable {
        let before: Digest
        let after: Digest
        let distance: Int
    }

    struct New {
        /// In samples of the part.
        let range: Range<Int>
        /// Who has made it; nil for a seam.
        let maker: StepSite?
    }

    /// What is heard of the sounds beside a new seam, in samples.
    private static let beside = MixPart.sampleRate

    private let sounds: Set<Digest>
    private let seams: Set<Seam>
    /// What is heard in the same parts as the sounds that somebody has made.
    private let neighbours: [Target: Set<Digest>]
    /// Nil if it is not known.
    var level: MixLevel?

    init(_ results: EndedSteps, _ reader: inout MixPartReader) {
        let parts = results.ends.values.compactMap { $0.planned.flatMap { reader.part(of: $0.step) } }.filter(\.isEncoded)
        reader.keep(parts)
        sounds = Set(parts.flatMap { $0.sounds + $0.beds }.compactMap { results.digest(of: $0.source) })
        seams = Set(parts.flatMap { Self.seams(of: $0, results).map(\.seam) })
        var neighbours: [Target: Set<Digest>] = [:]
        for part in parts {
            let digests = part.sounds.compactMap { results.digest(of: $0.source) }
            for target in part.sounds.compactMap({ results.maker(of: $0.source)?.target }) {
                neighbours[target, default: []].formUnion(digests)
            }
        }
        self.neighbours = neighbours
    }

    /// The sounds among which that of a step was heard.
    func beside(_ target: Target) -> Set<Digest> { neighbours[target] ?? [] }

    func new(in part: MixPart, _ results: EndedSteps) -> [New] {
        let new = (part.sounds + part.beds).filter { sound in results.digest(of: sound.source).map { !sounds.contains($0) } ?? false }
        guard new.isEmpty else { return new.map { New(range: $0.range, maker: results.maker(of: $0.source)) } }
        return Self.seams(of: part, results).filter { !seams.contains($0.seam) }.map { New(range: $0.range, maker: nil) }
    }

    private static func seams(of part: MixPart, _ results: EndedSteps) -> [(seam: Seam, range: Range<Int>)] {
        zip(part.sounds, part.sounds.dropFirst()).compactMap { before, after in
            guard let first = results.digest(of: before.source), let second = results.digest(of: after.source) else { return nil }
            let range =
                max(0, min(before.range.upperBound, after.range.lowerBound) - beside)..<min(part.length, after.range.lowerBound + beside)
            return (Seam(before: first, after: second, distance: after.start - before.start), range)
        }
    }
}
