/// The colours of a card.
public struct CardLook: Hashable, Sendable {
    public var background: CardColour
    public var ink: CardColour
    public var accent: CardColour

    /// `light` or `dark`; nil for any other name.
    public init?(named name: String) {
        let colours: [String]
        switch name {
        case "light": colours = ["#fbfaf6", "#1b222c", "#2563c9"]
        case "dark": colours = ["#10151c", "#f3f5f7", "#6aa5ff"]
        default: return nil
        }
        let read = colours.compactMap { CardColour(hex: $0) }
        (background, ink, accent) = (read[0], read[1], read[2])
    }

    init(background: CardColour, ink: CardColour, accent: CardColour) {
        (self.background, self.ink, self.accent) = (background, ink, accent)
    }

    /// Of what is said beside: who said it, what the show is called.
    var muted: CardColour { ink.mixed(with: background, 0.38) }
    /// Behind code.
    var panel: CardColour { background.mixed(with: ink, 0.06) }
    /// The accent colour, as it can be seen on the background.
    var mark: CardColour { accent.readable(on: background, contrast: 3) }
}
