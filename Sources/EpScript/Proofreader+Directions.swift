import EpCore

/// Notes that nearly are directions, and markup that no script has.
extension Proofreader {
    mutating func findDirections() {
        for note in script.elements where note.kind == .note {
            guard case .doubtful(let message, let remedy) = DirectionNote(note.text) else { continue }
            warn(message, at: note.span.location(in: script.file), remedy: remedy)
        }
    }
}
