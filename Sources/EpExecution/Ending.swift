public import EpCore
import Glibc

extension ExitStatus {
    /// Ends the program, of which everything has been written. What `exit` would run before is left out: it takes libraries down under the
    /// threads that still use them (OpenSSL's tables below a connection that closes).
    public func end() -> Never { _exit(rawValue) }
}
