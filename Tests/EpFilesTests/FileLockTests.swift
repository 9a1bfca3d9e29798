import Glibc
import Testing

@testable import EpFiles

@Suite struct FileLockTests {
    @Test func aLockIsOneOpenFiles() throws {
        let directory = try TestDirectory()
        try Files.replace(directory("file"), with: [])
        let (one, other) = (open(directory("file"), O_RDWR | O_CLOEXEC), open(directory("file"), O_RDWR | O_CLOEXEC))
        defer { [one, other].forEach { close($0) } }
        #expect(FileLock.take(one) && !FileLock.tryTake(other))
        FileLock.release(one)
        #expect(FileLock.tryTake(other))
    }

    @Test func bytesAreLockedOneByOne() throws {
        let directory = try TestDirectory()
        try Files.replace(directory("file"), with: [])
        let (one, other) = (open(directory("file"), O_RDWR | O_CLOEXEC), open(directory("file"), O_RDWR | O_CLOEXEC))
        defer { close(other) }
        let (mine, theirs) = (ByteLocks(of: one), ByteLocks(of: other))
        let far = Int64(1) << 60 - 1
        #expect(try mine.tryTake(7) && mine.tryTake(far) && theirs.tryTake(8) && !theirs.tryTake(7) && !theirs.tryTake(far))
        #expect(theirs.isTaken(7) && !mine.isTaken(7) && !theirs.isTaken(9))
        mine.release(7)
        #expect(try theirs.tryTake(7))
        close(one)
        // A program that is being started at this moment has the file open too, until it runs.
        let patience = ContinuousClock.now + .seconds(60)
        while try !theirs.tryTake(far), ContinuousClock.now < patience { usleep(1_000) }
        #expect(ContinuousClock.now < patience, "it goes with the file")
        #expect(throws: SystemError(EBADF)) { try ByteLocks(of: -1).tryTake(1) }
    }

    /// A program that is being started has copies of all descriptors, until it runs.
    @Test func whatStandsInItsPlaceIsNobodys() throws {
        let directory = try TestDirectory()
        let file = try ReplacementFile(for: directory("file"))
        let copy = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        try file.commit()
        let other = open(directory("file"), O_RDWR | O_CLOEXEC)
        defer { [copy, other].forEach { close($0) } }
        #expect(copy >= 0 && FileLock.tryTake(other))
    }

    @Test func theDeadAreToldFromTheLiving() {
        #expect(!FileLock.isDead(getpid()) && FileLock.isDead(.max))
    }
}
