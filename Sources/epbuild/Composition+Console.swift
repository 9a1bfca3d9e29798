import EpComposition
import EpCore

/// What goes wrong beside what was asked for is said on standard error.
extension Composition {
    init() { self.init { Console.report($0) } }

    /// - Throws: `Diagnostic` if the directory cannot be made.
    init(recordingInto directory: String) throws(Diagnostic) { try self.init(recordingInto: directory) { Console.report($0) } }

    /// - Throws: `Diagnostic` (usage) if there is no such directory.
    init(replayingFrom directory: String) throws(Diagnostic) { try self.init(replayingFrom: directory) { Console.report($0) } }
}
