import EpCore
import EpPlan

/// The file's text: one entry a line, sorted, so that two machines' changes merge. Each line carries a check of itself, so that
/// no decision changes or goes by a damaged byte.
extension EpisodeLock {
    static let header = "# Written by epbuild; commit it with the episode."

    enum Section: String, CaseIterable {
        case takes, files, items, gates, pins, skips, accepts

        /// What becomes of a decision whose line is removed.
        var consequence: String {
            switch self {
            case .takes: "the first take is used again"
            case .files: "the file counts as edited by hand then"
            case .items: "the file counts as one of no item then"
            case .gates: "the gate is open again then"
            case .pins: "it is not pinned then"
            case .skips: "it is not left out then"
            case .accepts: "it is stale then"
            }
        }

        var expected: String {
            switch self {
            case .takes: "`[take in use, latest take, target]`"
            case .files: "a list of SHA-256 digests"
            case .items: "`STAGE/FILE: [element, before, after]`, in each dimension"
            case .gates: "a decision: `{decision: …, by: …, at: …}`"
            case .pins: "a pinned result"
            case .skips: "`STAGE/ITEM: [element, before, after]`, in each dimension"
            case .accepts: "an accepted result: `{action: …, target: …, by: …, at: …}`"
            }
        }
    }

    public var text: String {
        var text = "\(Self.header)\nversion: \(version)\n"
        for section in Section.allCases {
            let lines = entries(section).sorted { Path($0.key) < Path($1.key) }
            if !lines.isEmpty { text += "\(section.rawValue):\n" + lines.map { LockLine(section, $0.key, $0.value).text + "\n" }.joined() }
        }
        return text
    }

    /// The first version of which an epbuild understands all that it holds.
    private var version: Int {
        if !accepts.isEmpty { return 3 }
        let places = [Array(items.values), pins.values.map(\.place)].joined()
        return skips.isEmpty && places.allSatisfy { $0.standings.count <= 1 } ? 1 : 2
    }

    private func entries(_ section: Section) -> [(key: String, value: String)] {
        switch section {
        case .takes: takes.map { ($0.key, "[\($0.value.take), \($0.value.latest), \(Value.string($0.value.note).json())]") }
        case .files: files.map { (Value.string($0.key.text).json(), "[\($0.value.joined(separator: ", "))]") }
        case .items: items.map { (Value.string($0.key.text).json(), Value.list($0.value.parts).json()) }
        case .gates: gates.map { (Value.string($0.key.text).json(), $0.value.value.json()) }
        case .pins: pins.map { (Value.string($0.key.description).json(), $0.value.value.json()) }
        case .skips: skips.map { (Value.string($0.key.description).json(), Value.list($0.value.parts).json()) }
        case .accepts: accepts.map { ($0.key, $0.value.value.json()) }
        }
    }
}

/// An entry of the lock as it is written: `  KEY: VALUE  # CHECK`.
struct LockLine {
    let section: EpisodeLock.Section
    /// Without the check: YAML.
    let entry: String

    init(_ section: EpisodeLock.Section, _ key: String, _ value: String) {
        self.init(section, entry: "  \(key): \(value)")
    }

    private init(_ section: EpisodeLock.Section, entry: String) {
        self.section = section
        self.entry = entry
    }

    var text: String { entry + Self.mark + check }

    private static let mark = "  # "
    private static let checkLength = 8

    /// The first digits of a hash of the line and of where it stands.
    private var check: String { String(Digest(of: Array("\(section.rawValue)\n\(entry)".utf8)).hex.prefix(Self.checkLength)) }

    enum Fault: Error {
        /// It has a check, and is not what that is of.
        case damaged
        /// Something stands behind the entry that is no check.
        case trailing
    }

    /// Takes a line apart. One that an older epbuild wrote has no check.
    init(reading line: String, in section: EpisodeLock.Section) throws(Fault) {
        let check = line.utf8.suffix(Self.checkLength)
        let isChecked = check.count == Self.checkLength && check.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
            && line.dropLast(Self.checkLength).hasSuffix(Self.mark)
        if isChecked {
            self.init(section, entry: String(line.dropLast(Self.checkLength + Self.mark.count)))
            if text != line { throw .damaged }
        } else {
            self.init(section, entry: line)
            if Self.hasComment(line) { throw .trailing }
        }
    }

    /// True if YAML would pass over a part of the line.
    private static func hasComment(_ line: String) -> Bool {
        var quote: UInt8?
        var isEscaped = false
        for byte in line.utf8 {
            if isEscaped { isEscaped = false; continue }
            switch byte {
            case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""): isEscaped = true
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if quote == nil { quote = byte } else if quote == byte { quote = nil }
            case UInt8(ascii: "#") where quote == nil: return true
            default: break
            }
        }
        return false
    }
}

extension ItemPlace {
    /// Three for each dimension; of what has none, three empty ones.
    var parts: [Value] {
        (standings.isEmpty ? [Standing(element: "", before: "", after: "")] : standings).flatMap {
            [.string($0.element), .string($0.before), .string($0.after)]
        }
    }

    init?(_ value: Value) {
        guard let parts = value.list, !parts.isEmpty, parts.count % 3 == 0 else { return nil }
        let texts = parts.compactMap(\.string).filter {
            $0.isEmpty || $0 == "gone" || ($0.utf8.count == 16 && $0.utf8.allSatisfy(Self.isDigit))
        }
        guard texts.count == parts.count else { return nil }
        let standings = stride(from: 0, to: texts.count, by: 3).map {
            Standing(element: texts[$0], before: texts[$0 + 1], after: texts[$0 + 2])
        }
        // Of a stage that does not fan out.
        self.init(texts.allSatisfy(\.isEmpty) ? [] : standings)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }
}

extension Pin {
    var value: Value {
        let files = files.map { Value.list([.string($0.name), .string($0.action.description), .string($0.path)]) }
        return ["place": .list(place.parts), "files": .list(files)]
    }

    init?(item: String?, _ value: Value) {
        guard value.members?.count == 2, let place = value["place"].flatMap(ItemPlace.init), let files = value["files"]?.list else {
            return nil
        }
        let read = files.compactMap { file -> File? in
            guard let list = file.list, list.count == 3 else { return nil }
            let parts = list.compactMap(\.string)
            guard parts.count == 3, let action = Digest(parsing: parts[1]), RelativePath.isClean(parts[0]), RelativePath.isClean(parts[2])
            else { return nil }
            return File(name: parts[0], action: ActionDigest(action), path: parts[2])
        }
        guard !read.isEmpty, read.count == files.count else { return nil }
        self.init(item: item, place: place, files: read)
    }
}
