@testable import EpEngine
import Testing

/// When a lease that another machine has is taken over: by what is seen of it alone.
struct LeaseWatchTests {
    private let one: [UInt8] = [1]
    private let two: [UInt8] = [2]

    @Test func anOwnerThatRenewsLives() {
        var watch = LeaseWatch(patience: .seconds(30))
        for (second, lease) in [(0, one), (20, two), (40, one), (69, one)] {
            #expect(watch.see(lease, isOwn: false, at: .seconds(second)) == .wait)
        }
        #expect(watch.see(one, isOwn: false, at: .seconds(70)) == .takeOver)
    }

    @Test func whatIsGoneIsBegunAnew() {
        var watch = LeaseWatch(patience: .seconds(30))
        #expect(watch.see(one, isOwn: false, at: .zero) == .wait)
        watch.goOn()
        #expect(watch.generation == 1)
        // Whoever has taken over is watched from its beginning.
        #expect(watch.see(one, isOwn: false, at: .seconds(31)) == .wait)
        #expect(watch.see(one, isOwn: false, at: .seconds(60)) == .wait)
        #expect(watch.see(nil, isOwn: false, at: .seconds(60)) == .beginAnew)
        #expect(watch.generation == 0)
    }

    @Test func aDeadOwnerOnThisMachineIsNotWaitedFor() {
        var watch = LeaseWatch(patience: .seconds(30))
        #expect(watch.see(one, isOwn: true, at: .zero) == .takeOver)
    }
}
