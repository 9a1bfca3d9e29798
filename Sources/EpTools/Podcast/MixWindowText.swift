import EpCore
import EpSound
import FoundationEssentials

/// The text of a window as an input of an action: JSON with sorted keys, so that equal windows have one address.
enum MixWindowText {
    static func encode(_ window: MixWindow) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(window) else { preconditionFailure("a window has only finite numbers") }
        return String(decoding: data, as: UTF8.self)
    }

    static func decode(_ bytes: [UInt8]) throws -> MixWindow {
        try JSONDecoder().decode(MixWindow.self, from: Data(bytes))
    }
}
