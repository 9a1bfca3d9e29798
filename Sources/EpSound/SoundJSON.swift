import EpCore
import FoundationEssentials

/// Reads the small JSON artifacts of this module.
enum SoundJSON {
    static func decode<Artifact: Decodable>(
        _ bytes: [UInt8], named name: String, what: String
    ) throws(Diagnostic) -> Artifact {
        do { return try JSONDecoder().decode(Artifact.self, from: Data(bytes)) } catch {
            throw Diagnostic(.badInput, "this is no \(what)", at: SourceLocation(file: name))
        }
    }
}
