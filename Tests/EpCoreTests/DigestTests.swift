import EpCore
import Testing

@Suite struct DigestTests {
    @Test func agreesWithFIPS180() {
        #expect(Digest.empty.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(Digest(of: Array("abc".utf8)).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest(of: Array("abc".utf8)).bytes.prefix(2) == [0xba, 0x78])
    }

    @Test func streamingGivesTheSameAsOnePiece() {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var hasher = SHA256Hasher()
        for start in stride(from: 0, to: bytes.count, by: 999) {
            bytes[start..<min(start + 999, bytes.count)].withUnsafeBytes { hasher.update($0) }
        }
        let streamed = hasher.finalize()
        #expect(streamed == Digest(of: bytes))
        let again = hasher.finalize()
        #expect(again == .empty)
    }

    @Test func hexadecimalIsStrict() {
        let digest = Digest(of: [1, 2, 3])
        #expect(Digest(hex: digest.hex, size: 3) == digest)
        #expect(Digest(hex: digest.hex.uppercased(), size: 3) == nil)
        #expect(Digest(hex: digest.hex.dropLast(), size: 3) == nil)
        #expect(Digest(hex: digest.hex, size: -1) == nil)
    }

    @Test func suggestionsAllowOneEditInThree() {
        #expect(Suggestion.nearest(to: "audio_sinthesis", in: ["audio_mixing", "audio_synthesis"]) == "audio_synthesis")
        #expect(Suggestion.nearest(to: "Olvier", in: ["Oliver", "Luna"]) == "Oliver")
        #expect(Suggestion.nearest(to: "xyz", in: ["Oliver", "Luna"]) == nil)
    }

    @Test func jsonIsEscapedAndOrdered() {
        let value: Value = ["b": [1, 2.5, nil as String? == nil ? .null : .null], "a": "é\"\n\u{1}"]
        #expect(value.json() == #"{"b":[1,2.5,null],"a":"é\"\n\u0001"}"#)
    }
}
