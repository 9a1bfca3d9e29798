/// A mix taken apart by what is heard. All stems together are the mix before its limiter.
public enum Stem: String, Sendable, CaseIterable {
    /// What people say.
    case dialogue
    case music
    case effects
    /// The noise of the room.
    case ambience
}

extension MixWindow {
    /// Something that is heard in a window.
    public struct Cue: Hashable, Sendable {
        public let stem: Stem
        /// As the window counts its sounds.
        public let source: Int
        /// In samples of the window; goes beyond it where it is heard there, too.
        public let range: Range<Int>
    }

    /// The window with what belongs to one stem alone.
    /// - Parameter spoken: the sounds that are lines; what is played once and is none of them is an effect.
    public func stem(_ stem: Stem, spoken: Set<Int>) -> MixWindow {
        var window = self
        window.placements = placements.filter { spoken.contains($0.source) ? stem == .dialogue : stem == .effects }
        if stem != .music { window.beds = [] }
        if stem != .ambience { window.toneDecibels = nil }
        return window
    }

    /// What begins or is heard in the window, in order of time.
    public func cues(spoken: Set<Int>) -> [Cue] {
        let placed = placements.filter { $0.range.overlaps(0..<length) }.map {
            Cue(stem: spoken.contains($0.source) ? .dialogue : .effects, source: $0.source, range: $0.range)
        }
        let played = beds.compactMap { bed in bed.heard(within: length).map { Cue(stem: .music, source: bed.source, range: $0) } }
        return (placed + played).sorted { ($0.range.lowerBound, $0.source) < ($1.range.lowerBound, $1.source) }
    }

    /// Hands out a range of the window before its limiter, in pieces and in order.
    /// - Parameter gainDecibels: of the whole episode.
    /// - Throws: as ``render(_:from:)``.
    public func forEachRendered(_ range: Range<Int>, gainDecibels: Double, from sources: MixSounds, _ body: (PCM) throws -> Void) throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: PCM.timelineRate) {
            let piece = start..<min(start + PCM.timelineRate, range.upperBound)
            try body(try render(piece, from: sources).amplified(gainDecibels))
            sources.forget(before: piece.upperBound, of: self)
        }
    }
}

extension MixWindow.Bed {
    /// From where on it is not silent, and until where; nil if it is silent throughout.
    fileprivate func heard(within length: Int) -> Range<Int>? {
        let fading = fades.segments(in: 0..<length).filter { !$0.isSilent }
        guard let first = fading.first, let last = fading.last else { return nil }
        var range = first.range.lowerBound..<last.range.upperBound
        if !isLooping { range = range.clamped(to: -position..<self.length - position) }
        return range.isEmpty ? nil : range
    }
}
