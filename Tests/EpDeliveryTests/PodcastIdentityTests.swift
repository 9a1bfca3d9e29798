import EpCore
import FoundationEssentials
import Testing

@testable import EpDelivery

@Suite struct PodcastIdentityTests {
    @Test func sha1HasItsStandardVectors() {
        func hex(_ text: String) -> String {
            SHA1.hash(of: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        #expect(hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(hex(String(repeating: "a", count: 1_000_000)) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
    }

    @Test func uuidHasTheVectorOfItsStandard() throws {
        let dns = try #require(UUID(uuidString: "6ba7b810-9dad-11d1-80b4-00c04fd430c8"))
        #expect(UUID(version5: "www.example.com", in: dns).text == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    }

    @Test(arguments: [
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ("podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("HTTP://podnews.net/rss///", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
    ])
    func showsHaveTheIdentityOfPodcasting20(_ url: String, _ guid: String) {
        #expect(PodcastIdentity.show(feedURL: url).text == guid)
    }

    @Test func episodesOfDifferentShowsDiffer() {
        let one = PodcastIdentity.episode(key: "ep001", of: PodcastIdentity.show(feedURL: "a.example/feed"))
        let other = PodcastIdentity.episode(key: "ep001", of: PodcastIdentity.show(feedURL: "b.example/feed"))
        #expect(one != other && one.utf8.count == 36)
    }
}
