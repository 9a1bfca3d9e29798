import EpCore
import EpFiles
import Synchronization

/// This epbuild itself as an input of steps that other machines do: read once, when the first needs it.
final class OwnProgram: Sendable {
    /// Absolute.
    let path: String
    private let known = Mutex<Digest?>(nil)

    init(_ path: String) { self.path = path }

    /// - Throws: `FileError` if it cannot be read.
    func digest() throws -> Digest {
        if let known = known.withLock({ $0 }) { return known }
        let digest = try OpenFile(reading: path).digest()
        known.withLock { $0 = digest }
        return digest
    }
}
