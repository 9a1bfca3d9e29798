/// Whom a show knows, and how they may speak: what a script is held against.
public struct ShowCast: Sendable {
    public struct Character: Sendable, Hashable {
        public let name: String
        public let aliases: [String]

        public init(name: String, aliases: [String] = []) {
            self.name = name
            self.aliases = aliases
        }
    }

    public let characters: [Character]
    /// Words that a delivery may hold.
    public let deliveries: [String]

    public init(characters: [Character], deliveries: [String] = []) {
        self.characters = characters
        self.deliveries = deliveries
    }

    /// A show that nothing is known of.
    public static let unknown = ShowCast(characters: [])
}
