public import EpCore
import Glibc

extension ExitStatus {
    /// Ends the program. What `exit` would run before is left out: it takes libraries down under the threads that still use them
    /// (OpenSSL's tables below a connection that closes), which now and then ended a program that had done all its work by a trap.
    public func end() -> Never {
        fflush(nil)
        _exit(rawValue)
    }
}
