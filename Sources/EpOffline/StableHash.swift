/// A hash of text that is the same in every process and on every machine (FNV-1a, 64 bits): it chooses among phrasings,
/// so that texts differ without chance playing a part.
enum StableHash {
    static func of(_ text: String) -> UInt64 {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return hash ^ hash >> 32
    }

    /// The list begun at a place that the text decides.
    static func rotated<Element>(_ list: [Element], by text: String) -> [Element] {
        guard !list.isEmpty else { return [] }
        let start = Int(of(text) % UInt64(list.count))
        return Array(list[start...] + list[..<start])
    }
}
