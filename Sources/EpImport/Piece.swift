/// A part of the script that is made: what a source came to mean.
enum Piece {
    case sceneHeading(String)
    case action(String)
    case transition(String)
    case section(level: Int, String)
    case synopsis(String)
    case effect(String)
    case music(String)
    case speech(Speech)
}

/// What one speaker says, until another speaks or something else happens.
struct Speech {
    enum Part: Hashable {
        case delivery(String)
        /// One line of Fountain, perhaps with `[[notes]]` in it.
        case text(String)
        /// A new paragraph of the same speech.
        case gap
    }

    let speaker: String
    /// `V.O.`, `CONT'D`
    var extensions: [String] = []
    var isDual = false
    var parts: [Part] = []
    /// Lines that are sung.
    var isSung = false

    var hasWords: Bool { parts.contains { if case .text = $0 { true } else { false } } }
}

/// A piece and where it came from.
struct Placed {
    let piece: Piece
    let place: Place
}
