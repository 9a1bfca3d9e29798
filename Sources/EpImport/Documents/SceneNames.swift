/// Names for scenes, made of their words: a scene keeps its own wherever it stands.
public struct SceneNames {
    private var taken: Set<String>

    /// - Parameter taken: names that are given already.
    public init(taken: some Sequence<String> = []) { self.taken = Set(taken) }

    /// A name that no other scene has.
    public mutating func name(for scene: Scene) -> String {
        let words = [scene.title, scene.text, scene.narration, scene.points.joined(separator: " "), scene.kind.rawValue].map(Self.joined)
            .first { !$0.isEmpty }
        let name = words ?? scene.kind.rawValue
        // A second scene of the same heading is known by what is said in it, as long as that tells them apart.
        let candidates = [name, Self.joined("\(name) \(scene.narration)", atMost: 60)] + (2...).lazy.prefix(10_000).map { "\(name)-\($0)" }
        let free = candidates.first { !$0.isEmpty && !taken.contains($0) } ?? name
        taken.insert(free)
        return free
    }

    /// True for what can be the name of an item and a part of a path.
    public static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100 && text.unicodeScalars.allSatisfy { isPart($0) || "-_.".unicodeScalars.contains($0) }
            && text.first != "." && text.first != "-"
    }

    private static func joined(_ text: String) -> String { joined(text, atMost: 40) }

    /// Words in small letters with hyphens between them.
    private static func joined(_ text: String, atMost length: Int) -> String {
        var name = ""
        for word in text.lowercased().unicodeScalars.split(whereSeparator: { !isPart($0) && $0 != "'" && $0 != "’" }) {
            let letters = String(String.UnicodeScalarView(word.filter(isPart)))
            if letters.isEmpty { continue }
            if !name.isEmpty, name.count + letters.count >= length { break }
            name += (name.isEmpty ? "" : "-") + letters.prefix(length)
        }
        return name
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar.properties.generalCategory == .nonspacingMark
            || scalar.properties.generalCategory == .spacingMark
    }
}
