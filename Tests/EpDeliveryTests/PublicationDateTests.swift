import EpDelivery
import Testing

@Suite struct PublicationDateTests {
    @Test(arguments: [
        ("2026-03-01", "Sun, 01 Mar 2026 00:00:00 +0000"),
        ("2024-02-29T23:59:59Z", "Thu, 29 Feb 2024 23:59:59 +0000"),
        ("2000-02-29T07:05", "Tue, 29 Feb 2000 07:05:00 +0000"),
        ("1970-01-01T00:00:00+01:00", "Thu, 01 Jan 1970 00:00:00 +0100"),
        ("2026-12-31 18:30:00-0530", "Thu, 31 Dec 2026 18:30:00 -0530"),
        ("0001-01-01", "Mon, 01 Jan 0001 00:00:00 +0000"),
        ("9999-12-31", "Fri, 31 Dec 9999 00:00:00 +0000"),
    ])
    func datesAreWrittenAsMailHasThem(_ iso: String, _ expected: String) throws {
        #expect(try #require(PublicationDate(iso8601: iso)).rfc822 == expected)
    }

    @Test(arguments: [
        "", "2026", "2026-3-1", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "1900-02-29", "0000-01-01", "2026-03-01T",
        "2026-03-01T24:00", "2026-03-01T10", "2026-03-01T10:00:60", "2026-03-01T10:00X", "2026-03-01T10:00+1", "2026-03-01 ", "+026-03-01",
        "２０２６-03-01", "1 March 2026",
    ])
    func anythingElseIsRefused(_ text: String) { #expect(PublicationDate(iso8601: text) == nil) }

    @Test func instantsAreOrderedAcrossOffsets() throws {
        let west = try #require(PublicationDate(iso8601: "2026-03-01T23:00:00-05:00"))
        let east = try #require(PublicationDate(iso8601: "2026-03-02T04:30:00+01:00"))
        #expect(east < west && west.isoDay == "2026-03-01")
    }
}
