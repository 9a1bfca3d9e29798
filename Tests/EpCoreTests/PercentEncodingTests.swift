import EpCore
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("a", "a"), ("", ""), ("001%20bees.mp3", "001 bees.mp3"), ("%c3%A9t%C3%A9", "été"), ("100%", "100%"), ("%2", "%2"),
        ("%zz%20", "%zz "), ("%", "%"),
        // No text in UTF-8.
        ("%ff", "%ff"), ("%2520", "%20"),
    ])
    func whatStandsForTextIsText(_ address: String, _ text: String) { #expect(address.percentDecoded == text) }
}
