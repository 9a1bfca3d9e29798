import EpCore

/// What an import was not sure of, and what it left out, each with its place and what to do.
struct Doubts {
    /// What may hold for many places, and is told once with all of them.
    enum Group: Int, CaseIterable {
        case unnamed, unheard, untaken, heading, time, address, empty, struck, footnote

        fileprivate func message(_ count: Int, _ unit: String) -> (what: String, remedy: String) {
            let units = count == 1 ? "1 \(unit) " : "\(count) \(unit)s "
            let (is_, names) = count == 1 ? ("is", "names") : ("are", "name")
            switch self {
            case .unnamed:
                return (
                    "\(units)\(names) nobody and \(is_) taken as said by who spoke before",
                    "write NAME: in front of what somebody else says"
                )
            case .unheard:
                return (
                    "\(units)\(is_) kept as action, which is not heard",
                    "write NAME: in front of what is to be heard, SFX: or MUSIC: before the name of a sound"
                )
            case .untaken:
                return (
                    "\(units)\(count == 1 ? "begins" : "begin") like a name and a colon, and \(is_) taken as words",
                    "write the name alone on the line above, in capitals, if somebody speaks there"
                )
            case .heading: return ("\(units)\(is_) taken as the beginning of a chapter", "take away the # of what is none")
            case .time: return ("the times of \(units)are left out", "nothing, unless they are to be said")
            case .address: return ("the addresses of links in \(units)are left out", "put them into the show notes")
            case .struck: return ("struck-out words in \(units)are taken as they are", "take them out if they are not to be heard")
            case .footnote:
                return (
                    "\(units)\(is_) left out as \(count == 1 ? "a footnote" : "footnotes")", "write it into the text if it is to be heard"
                )
            case .empty: return ("\(units)\(is_) without words", "write what is to be said, or take the name away")
            }
        }
    }

    private let file: String
    /// What places are: line, paragraph, caption.
    private let unit: String
    private var groups: [Group: [Place]] = [:]
    private var single: [(place: Place, doubt: Diagnostic)] = []

    init(file: String, unit: String) {
        self.file = file
        self.unit = unit
    }

    mutating func note(_ group: Group, at place: Place) {
        if groups[group, default: []].last != place { groups[group, default: []].append(place) }
    }

    /// - Parameter place: nil: the file as a whole.
    mutating func note(_ what: String, at place: Place?, remedy: String) {
        let location = SourceLocation(file: file, line: place?.line ?? 0)
        let whole = place.map { unit == "line" ? what : "\(unit) \($0.number): \(what)" } ?? what
        single.append((place ?? Place(0), Diagnostic(.badInput, whole, at: location, remedy: remedy, severity: .warning)))
    }

    /// What stands in brackets within a speech.
    mutating func note(asides: [String], at place: Place) {
        for aside in asides {
            note(
                "[\(aside.excerpt)] is kept as a note, which is not heard", at: place,
                remedy: "write (\(aside)) on a line of its own above the words if it tells how they are spoken")
        }
    }

    /// In the order of the source.
    var diagnostics: [Diagnostic] {
        let grouped = groups.sorted { $0.key.rawValue < $1.key.rawValue }.map { group, places in
            let (what, remedy) = group.message(places.count, unit)
            let list =
                places.count == 1 ? (unit == "line" ? "" : ": \(unit) \(places[0].number)") : ": \(Self.ranges(places.map(\.number)))"
            let location = SourceLocation(file: file, line: places[0].line)
            return (place: places[0], doubt: Diagnostic(.badInput, what + list, at: location, remedy: remedy, severity: .warning))
        }
        return (single + grouped).enumerated().sorted { ($0.element.place.line, $0.offset) < ($1.element.place.line, $1.offset) }.map(
            \.element.doubt)
    }

    /// `3, 7–9, 12`
    private static func ranges(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let last = ranges.last, number <= last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, number)
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }.joined(separator: ", ")
    }
}

extension String {
    /// A piece of a person's text for a message: short, on one line, without control characters.
    var excerpt: String {
        let flat = String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
        return flat.count > 48 ? "“\(flat.prefix(47))…”" : "“\(flat)”"
    }
}
