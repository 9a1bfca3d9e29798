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
        #expect(try theirs.tryTake(far), "it goes with the file")
        #expect(throws: SystemError(EBADF)) { try ByteLocks(of: -1).tryTake(1) }
    }

    @Test func theDeadAreToldFromTheLiving() {
        #expect(!FileLock.isDead(getpid()) && FileLock.isDead(.max))
    }
}
