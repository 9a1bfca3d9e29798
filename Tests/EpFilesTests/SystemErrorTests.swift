import Glibc
import Testing

@testable import EpFiles

@Suite struct SystemErrorTests {
    @Test(arguments: [
        (ENOENT, SystemError.Kind.absent), (ENOTDIR, .notDirectory), (EEXIST, .exists), (EACCES, .denied), (EPERM, .denied),
        (ENOSPC, .noSpace), (EDQUOT, .noSpace),
        (EMFILE, .tooManyFiles), (ELOOP, .link), (ENXIO, .notPlainFile), (ESTALE, .unreachable), (EINVAL, .other),
    ])
    func everyNumberHasItsKind(_ code: Int32, _ kind: SystemError.Kind) {
        let error = SystemError(code)
        #expect(
            error.kind == kind && error.isAbsence == (code == ENOENT || code == ENOTDIR) && error.reason == String(cString: strerror(code)))
    }

    @Test func theLastErrorIsThatOfTheLastCall() {
        #expect(open("/nowhere/at/all", O_RDONLY) < 0)
        #expect(SystemError.last == SystemError(ENOENT))
        var calls = 0
        #expect(retrying { () -> Int32 in calls += 1; errno = EINTR; return calls < 3 ? -1 : 5 } == 5 && calls == 3)
    }
}
