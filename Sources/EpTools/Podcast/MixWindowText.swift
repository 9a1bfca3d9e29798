import EpCore
import EpSound
import FoundationEssentials
import Synchronization

/// The text of a window as an input of an action: JSON with sorted keys, so that equal windows have one address.
enum MixWindowText {
    /// Those that were written last, as they are read again at once: to find out what is new in them, and to mix them.
    private static let recent = Mutex<[[UInt8]: MixWindow]>([:])
    private static let most = 64

    static func encode(_ window: MixWindow) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(window) else { preconditionFailure("a window has only finite numbers") }
        recent.withLock { recent in
            if recent.count >= most { recent = [:] }
            recent[Array(data)] = window
        }
        return String(decoding: data, as: UTF8.self)
    }

    static func decode(_ bytes: [UInt8]) throws -> MixWindow {
        if let known = recent.withLock({ $0[bytes] }) { return known }
        return try JSONDecoder().decode(MixWindow.self, from: Data(bytes))
    }
}
