import EpPlan
import EpSound
import Synchronization

/// How the parts of the last mix were written down as inputs. Of an edit, next to all stay as they are.
final class KnownParts: Sendable {
    struct Key: Hashable {
        let window: MixWindow
        /// What people call its sounds.
        let titles: [String]
    }

    struct Written {
        /// `window.json`.
        let window: Step.Input
        let reasons: [Step.Reason]
    }

    private let known = Mutex<[Key: Written]>([:])

    /// Some hours of sound; a mix of more is not kept a second time in memory.
    private static let most = 2_000

    /// Remembers these and no others.
    func all(_ keys: [Key], _ write: (Key) -> Written) -> [Written] {
        guard keys.count <= Self.most else { return keys.map(write) }
        let before = known.withLock(\.self)
        let written = keys.map { before[$0] ?? write($0) }
        known.withLock { $0 = Dictionary(zip(keys, written)) { first, _ in first } }
        return written
    }
}
