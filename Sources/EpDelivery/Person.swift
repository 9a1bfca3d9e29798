/// Somebody who is heard in an episode or who made it.
public struct Person: Hashable, Sendable {
    /// A role of the Podcast Taxonomy, which `podcast:person` refers to.
    public struct Role: Hashable, Sendable {
        public let name: String
        public let group: String

        public init(_ name: String, group: String = "Cast") {
            self.name = name
            self.group = group
        }

        public static let host = Role("Host")
        public static let coHost = Role("Co-Host")
        public static let guest = Role("Guest")
        public static let narrator = Role("Narrator")
        public static let voiceActor = Role("Voice Actor")
        public static let author = Role("Author", group: "Writing")
        public static let writer = Role("Writer", group: "Writing")
    }

    /// Whose voice is heard.
    public enum Voice: Hashable, Sendable {
        /// A person's own voice, or none: an author is not heard.
        case human
        /// Made by a speech synthesizer: the provider and the provider's name of the voice.
        case synthetic(provider: String, voice: String)
    }

    public var name: String
    public var role: Role
    public var voice: Voice

    public init(name: String, role: Role, voice: Voice = .human) {
        self.name = name
        self.role = role
        self.voice = voice
    }

    /// `espeak-ng, en-gb`, or nil for a human voice.
    var syntheticVoice: String? {
        guard case .synthetic(let provider, let voice) = voice else { return nil }
        return [provider.singleLine, voice.singleLine].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension Sequence<Person> {
    /// One sentence that says which voices are synthetic and whose they are; nil if all are human.
    public var voiceDisclosure: String? {
        let synthetic = compactMap { person in person.syntheticVoice.map { "\(person.name.singleLine) (\($0))" } }
        guard let first = synthetic.first else { return nil }
        if synthetic.count == 1 { return "The voice of \(first) is synthetic: a computer speaks." }
        return "The voices of \(synthetic.dropLast().joined(separator: ", ")) and \(synthetic.last ?? first)"
            + " are synthetic: a computer speaks."
    }
}
