import Testing

@testable import EpProviders

/// What espeak-ng is asked for, so that so many words a minute come out.
struct EspeakPaceTests {
    @Test(arguments: [
        (143, "en-gb", 120), (131, "en-gb", 110), (240, "en-gb-x-rp+f2", 200), (151, "en-gb-scotland+m3", 120), (152, "de", 150),
        (10, "en-gb", 80), (1000, "en-gb", 450), (100, "en", 80),
    ])
    func settings(_ rate: Int, _ voice: String, _ setting: Int) {
        #expect(EspeakPace.setting(forWordsPerMinute: rate, voice: voice) == setting)
    }

    @Test func moreWordsNeverAskForLess() {
        let settings = (40...600).map { EspeakPace.setting(forWordsPerMinute: $0, voice: "en-gb") }
        #expect(settings == settings.sorted())
    }
}
