import Dispatch
import Glibc

/// What this process does when it is sent a signal.
enum Signals {
    static func handle(_ number: Int32, _ act: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: act)
        source.resume()
        return source
    }
}
