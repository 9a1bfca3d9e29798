import EpCore
import Testing

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("plain, ümlaut, 日本語, 👩‍👩‍👧, “quoted” – dash", "plain, ümlaut, 日本語, 👩‍👩‍👧, “quoted” – dash"),
        ("\u{1B}]0;title\u{07}", "\\u001b]0;title\\u0007"), ("over\rwritten\u{8}", "over\\u000dwritten\\u0008"),
        ("\u{9B}2J\u{7F}\u{85}", "\\u009b2J\\u007f\\u0085"),
        ("evil\u{202E}gpj.exe\u{2066}x\u{2069}", "evil\\u202egpj.exe\\u2066x\\u2069"), ("\0", "\\u0000"), ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb", "a\\u000d\nb"), ("", ""),
        ("שלום \u{200F}ok\u{200B}", "שלום \u{200F}ok\u{200B}"),
    ])
    func whatATerminalWouldObeyIsShown(_ text: String, _ shown: String) {
        #expect(text.terminalText == shown)
        #expect(text.terminalText.terminalText == shown, "to be shown twice changes nothing")
    }

    @Test func aNameIsOneLine() {
        #expect("a\nerror: all is lost\tx".terminalLine == "a\\u000aerror: all is lost\\u0009x")
    }

    @Test func jsonStaysWhatItWas() {
        let value: Value = ["name": "a\u{202E}b\u{9B}\u{1B}[31m\n"]
        let shown = value.json().terminalText
        #expect(shown == #"{"name":"a\u202eb\u009b\u001b[31m\n"}"#)
    }

    @Test func everyScalarIsJudged() {
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isCommand =
                scalar.properties.generalCategory == .control || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
            #expect(("a\(scalar)b".terminalLine != "a\(scalar)b") == isCommand, "U+\(String(value, radix: 16))")
        }
    }
}
