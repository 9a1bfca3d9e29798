/// The first and last parts of a scene heading: `INT. WORKSHOP - DAY #1A#`.
enum SceneHeading {
    private static let prefixes: [StaticString] = ["INT./EXT", "INT/EXT", "I/E", "INT", "EXT", "EST"]

    /// Whether the line begins as scene headings do: with a known prefix and then a full stop or a space.
    static func hasPrefix(_ words: ArraySlice<UInt8>) -> Bool {
        guard let first = words.first?.asSmall, first == UInt8(ascii: "i") || first == UInt8(ascii: "e") else { return false }
        return prefixes.contains { prefix in
            guard words.begins(with: prefix), words.count > prefix.utf8CodeUnitCount else { return false }
            let next = words[words.startIndex + prefix.utf8CodeUnitCount]
            return next == UInt8(ascii: ".") || next.isBlank
        }
    }

    /// Reads a heading, taking the scene number from its end.
    static func read(_ words: ArraySlice<UInt8>) -> Grammar.Reading {
        let plain = Grammar.Reading(.sceneHeading(number: nil), words)
        guard words.last == UInt8(ascii: "#") else { return plain }
        let body = words.dropLast()
        guard let open = body.lastIndex(of: UInt8(ascii: "#")) else { return plain }
        let number = body[(open + 1)...]
        let text = words[..<open].trimmedBack
        guard !number.isEmpty, !text.isEmpty, number.text.unicodeScalars.allSatisfy(isOfNumber) else { return plain }
        return Grammar.Reading(.sceneHeading(number: number.text), text)
    }

    /// The standard's scene numbers: letters and digits, dashes and full stops.
    private static func isOfNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: scalar == "-" || scalar == "."
        }
    }
}
