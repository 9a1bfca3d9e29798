public import EpCore
public import EpEngine
import EpPlan
import EpTools
import Synchronization

/// Hands out what is new in the mix of an episode, as soon as the part in which it lies is encoded: while the rest is still made, and
/// before the file is joined.
///
/// What is new is a sound that the episode had not before; where there is none, two sounds that did not follow each other so.
public final class ChangedSounds: BuildObserver, Sendable {
    /// A stretch of the finished episode.
    public struct Clip: Sendable {
        /// Whose sound is new; nil where something went away or moved.
        public let target: Target?
        /// Where that is written.
        public let place: SourceLocation?
        /// MP3 frames: those of the delivered file.
        public let bytes: [UInt8]
    }

    /// More than so many are no edit that a person listens to.
    private static let most = 8

    private let builder: Builder
    private let tell: @Sendable (Clip) -> Void
    private let state = Mutex((episodes: [String: MixedSounds](), results: EndedSteps(), told: 0))

    /// - Parameter tell: is given what is new, in the order in which it is made. What it does holds up those that come after.
    public init(_ builder: Builder, tell: @escaping @Sendable (Clip) -> Void) { (self.builder, self.tell) = (builder, tell) }

    public func observe(_ event: BuildEvent) {
        switch event.kind {
        case .started: state.withLock { ($0.results, $0.told) = (EndedSteps(), 0) }
        case .actionFinished(let end):
            guard let planned = end.planned else { return }
            let new = state.withLock { state in
                state.results.note(end)
                guard let known = state.episodes[event.episode], let part = MixPart(encodedBy: planned.step) else {
                    return [MixedSounds.New]()
                }
                let new = known.new(in: part, state.results).prefix(Self.most - state.told)
                state.told += new.count
                return Array(new)
            }
            guard !new.isEmpty, let output = end.result.output(MixPart.output), let bytes = try? builder.bytes(of: output.digest) else {
                return
            }
            for new in new {
                tell(Clip(target: new.maker?.target, place: new.maker?.site.place, bytes: MixPart.frames(of: bytes, holding: new.range)))
            }
        case .finished(let report):
            guard report.outcome == .built else { return }
            state.withLock { $0.episodes[event.episode] = MixedSounds($0.results) }
        default: return
        }
    }

    /// True if it is known what an episode was made of: before, nothing is new.
    public func knows(_ place: EpisodePlace) -> Bool { state.withLock { $0.episodes[place.directory] != nil } }

    /// Takes in what an episode is made of.
    public func learn(_ inspection: Inspection) {
        var results = EndedSteps()
        inspection.ended.forEach { results.note($0) }
        let sounds = MixedSounds(results)
        state.withLock { $0.episodes[inspection.place.directory] = sounds }
    }
}

/// The finished steps of one build.
private struct EndedSteps {
    private(set) var ends: [StepID: BuildEvent.StepEnd] = [:]

    mutating func note(_ end: BuildEvent.StepEnd) { if let planned = end.planned { ends[planned.id] = end } }

    func maker(of source: ArtifactSource) -> BuildEvent.StepEnd? { if case .output(let step, _) = source { ends[step] } else { nil } }

    func digest(of source: ArtifactSource) -> Digest? {
        switch source {
        case .literal(let bytes): Digest(of: bytes)
        case .file(let file): file.digest
        case .output(let step, let path): ends[step]?.result.output(path)?.digest
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
        let maker: BuildEvent.StepEnd?
    }

    /// What is heard of the sounds beside a new seam, in samples.
    private static let beside = MixPart.sampleRate

    private let sounds: Set<Digest>
    private let seams: Set<Seam>

    init(_ results: EndedSteps) {
        let parts = results.ends.values.compactMap { $0.planned.flatMap { MixPart(encodedBy: $0.step) } }
        sounds = Set(parts.flatMap { $0.sounds + $0.beds }.compactMap { results.digest(of: $0.source) })
        seams = Set(parts.flatMap { Self.seams(of: $0, results).map(\.seam) })
    }

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
