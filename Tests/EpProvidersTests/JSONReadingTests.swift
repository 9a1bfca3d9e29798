import EpCore
import EpProviders
import Testing

/// JSON as servers send it, and what is none.
@Suite struct JSONReadingTests {
    @Test(arguments: [
        ("null", Value.null), ("true", .bool(true)), ("false", .bool(false)), ("-12", .int(-12)), ("9223372036854775807", .int(.max)),
        ("1.5e1", .int(15)), ("1.0", .int(1)), ("-0.0", .int(0)), ("0.25", .double(0.25)),
        // More than 64 bits: as near as can be.
        ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("[123456789012345678901, 7]", .list([.double(1.2345678901234568e20), .int(7)])),
        (#""a\u00e9\ud83d\ude00\n\/\u0000b""#, .string("aé😀\n/\0b")), ("\u{FEFF}[]", .list([])), (" [1, [2], {}] ", .list([.int(1), .list([.int(2)]), .object([])])),
        // By their names; of two that are the same, the last.
        (#"{"b": 1, "a": {"é": 2}, "b": 3}"#, .object([.init("a", .object([.init("é", .int(2))])), .init("b", .int(3))])),
    ])
    func isRead(text: String, value: Value) { #expect(Value(json: Array(text.utf8)) == value) }

    @Test(arguments: ["", " ", "nul", "{", "[1,]", "{a: 1}", "[1] x", "'a'", "01", "1e999", "NaN", #""\ud800""#, "\"\n\"", "\"a"])
    func isNone(text: String) { #expect(Value(json: Array(text.utf8)) == nil) }

    @Test func bytesThatAreNoText() {
        #expect(Value(json: [0x22, 0xFF, 0x22]) == nil)
        #expect(Value(json: [0x22, 0xED, 0xA0, 0x80, 0x22]) == nil)
    }

    /// Each value that is written is read again.
    @Test func whatIsWrittenIsRead() {
        let value = Value.object([
            .init("line\u{2028}", .string("\"\\\u{1}\u{7F}ü")), .init("list", .list([.int(.min), .double(-1e-9), .null, .bool(false)])),
            .init("plain", .string("The bees fly home.")),
        ])
        #expect(Value(json: Array(value.json().utf8)) == value && Value(json: Array(value.json(indented: true).utf8)) == value)
    }

    @Test func whatIsTooDeepIsNone() {
        func nested(_ depth: Int) -> [UInt8] { Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth) }
        #expect(Value(json: nested(500)) != nil && Value(json: nested(600)) == nil && Value(json: nested(100_000)) == nil)
    }
}
