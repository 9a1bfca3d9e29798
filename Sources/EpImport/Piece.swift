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
        /// Words as Fountain has them, perhaps with `[[notes]]` between them.
        case text(String)
        /// A new paragraph of the same speech.
        case gap
    }

    let speaker: String
    /// `V.O.`, `CONT'D`
    var extensions: [String] = []
    var isDual = false
    private(set) var parts: [Part] = []
    private(set) var hasWords = false
    /// Lines that are sung.
    var isSung = false

    init(speaker: String, extensions: [String] = [], isDual: Bool = false, deliveries: [String] = []) {
        self.speaker = speaker
        self.extensions = extensions
        self.isDual = isDual
        parts = deliveries.map { .delivery($0.folded) }
    }

    mutating func add(_ part: Part) {
        if case .text = part { hasWords = true }
        parts.append(part)
    }
}

/// A piece and where it came from.
struct Placed {
    let piece: Piece
    let place: Place
}
