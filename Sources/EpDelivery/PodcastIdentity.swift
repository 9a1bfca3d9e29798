public import FoundationEssentials
import EpCore

/// Identities of shows and episodes that are the same on every machine and never change.
public enum PodcastIdentity {
    /// The namespace in which Podcasting 2.0 makes the GUIDs of shows.
    public static let namespace = UUID(uuid: (
        0xEA, 0xD4, 0xC2, 0x36, 0xBF, 0x58, 0x58, 0xC6, 0xA2, 0xC6, 0xA6, 0xB2, 0x8D, 0x12, 0x8C, 0xB6
    ))

    /// A show's `podcast:guid`: from its first feed URL, without scheme and slashes at the end. A show that has no
    /// URL yet takes any text that is its own.
    public static func show(feedURL: String) -> UUID {
        var name = feedURL[...]
        for scheme in ["https://", "http://", "feed://"] where name.lowercased().hasPrefix(scheme) {
            name = name.dropFirst(scheme.count)
            break
        }
        while name.last == "/" { name = name.dropLast() }
        return UUID(version5: String(name), in: namespace)
    }

    /// An episode's GUID, for a key that stays with the episode: its `id`, or else its season and number.
    public static func episode(key: String, of show: UUID) -> String {
        UUID(version5: key, in: show).text
    }
}

extension UUID {
    /// A name-based UUID (RFC 9562, version 5): SHA-1 over the namespace and the name.
    init(version5 name: String, in namespace: UUID) {
        var hash = withUnsafeBytes(of: namespace.uuid) { SHA1.hash(of: Array($0) + Array(name.utf8)) }
        hash[6] = hash[6] & 0x0F | 0x50
        hash[8] = hash[8] & 0x3F | 0x80
        self = hash.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    /// In lower case, as feeds write it.
    var text: String { uuidString.lowercased() }
}
