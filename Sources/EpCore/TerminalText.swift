/// Text of others (programs, file names, shared caches) as it may be shown to a person.
///
/// A terminal obeys control characters: they move the cursor, write over what stands there, change the title, or send
/// keys. What turns the direction of writing makes a line read otherwise than it is. Both are written as JSON writes
/// them, `\u001b`, so that JSON that passes through here stays the JSON that it was.
extension StringProtocol {
    /// The text with nothing that a terminal obeys but line ends and tabs.
    public var terminalText: String { escaped { $0 == 0x0A || $0 == 0x09 } }

    /// The same for what is one line by its nature, as a name is: it cannot pretend to be several.
    public var terminalLine: String { escaped { _ in false } }

    private func escaped(_ isFree: (UInt32) -> Bool) -> String {
        let whole = String(self)
        guard whole.utf8.contains(where: { ($0 < 0x20 && !isFree(UInt32($0))) || $0 == 0x7F || $0 == 0xC2 || $0 == 0xE2 }) else {
            return whole
        }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.commandsTerminal, !isFree(scalar.value) {
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// C0, DEL and C1 (ECMA-48), and the embeddings, overrides and isolates of the bidirectional algorithm (UAX 9). All have four digits.
    public var commandsTerminal: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
