import EpDelivery
import Testing

@Suite struct TimestampTests {
    @Test func placesAreRoundedToMilliseconds() {
        #expect(Timestamp(seconds: 1.2345).milliseconds == 1235)
        #expect(Timestamp(sample: 44_100).milliseconds == 1000)
        #expect(Timestamp(sample: 48_000 * 3600, rate: 48_000).milliseconds == 3_600_000)
        #expect(Timestamp(sample: 22).milliseconds == 0 && Timestamp(sample: 23).milliseconds == 1)
    }

    @Test func nonsenseIsZeroOrTheLargest() {
        #expect(Timestamp(seconds: -1) == .zero && Timestamp(seconds: .nan) == .zero)
        #expect(Timestamp(seconds: .infinity) == Timestamp(milliseconds: .max))
        #expect(Timestamp(milliseconds: .min) == .zero)
    }

    @Test func clock() {
        #expect([0, 59.999, 60, 3599, 3600, 36_061].map { Timestamp(seconds: $0).clock } == [
            "0:00", "0:59", "1:00", "59:59", "1:00:00", "10:01:01",
        ])
    }
}
