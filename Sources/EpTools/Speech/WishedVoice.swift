import EpCore
import EpPlan

/// One of the voices that somebody may speak with: `voice:` has one, or a list in which what is wished for most stands first.
struct WishedVoice {
    /// `provider`, and the keys of its vendor.
    let settings: Value
    let place: VoicePlace

    /// - Parameters:
    ///   - voice: as the blueprint has it; null: nothing is said of it.
    ///   - place: where that is written.
    static func all(in voice: Value, at place: VoicePlace) -> [WishedVoice] {
        guard let list = voice.list, !list.isEmpty else {
            return [WishedVoice(settings: voice.members == nil ? .object([]) : voice, place: place)]
        }
        return list.enumerated().map { WishedVoice(settings: $1, place: place.ofWish($0)) }
    }

    /// What is wrong with the voices of somebody.
    /// - Parameter check: looks at one of them.
    static func problems(of voices: Node, _ shown: String, _ check: (Node) throws -> Void) -> [Diagnostic] {
        guard case .list(let nodes) = voices.content else { return problems { try check(voices) } }
        guard !nodes.isEmpty else {
            return [Diagnostic(
                .badInput, "the list of voices of \(shown) is empty", at: voices.location,
                remedy: "write `voice: [{ provider: NAME, voice: NAME }, …]`, what you wish for most first")]
        }
        return nodes.flatMap { node in problems { try check(node) } }
    }

    private static func problems(_ check: () throws -> Void) -> [Diagnostic] {
        do {
            try check()
            return []
        } catch {
            return [Diagnostic](describing: error)
        }
    }
}
