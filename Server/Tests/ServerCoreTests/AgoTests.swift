import EpFiles
import Testing

@testable import ServerCore

@Suite struct AgoTests {
    @Test(arguments: [
        (0, "less than a minute"), (59.9, "less than a minute"), (60, "1 minute"), (150, "2 minutes"), (3600, "1 hour"), (7300, "2 hours"),
        (86_400, "1 day"), (864_000, "10 days"), (-5, "less than a minute"), (.infinity, "1000000 days"),
    ])
    func timesAreTold(seconds: Double, words: String) { #expect(Ago.words(seconds) == words) }

    @Test func aMomentHasItsDate() {
        let moment = Moment(milliseconds: 1_772_258_370_000)
        let html = Ago.past(moment, now: moment.adding(seconds: 120)).text
        #expect(html == "<time datetime=\"2026-02-28T05:59:30Z\" title=\"2026-02-28T05:59:30Z\">2 minutes ago</time>")
    }
}
