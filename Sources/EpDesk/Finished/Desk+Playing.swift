public import EpCore
public import EpEngine
import EpFiles

/// A file that is to be heard or seen.
public struct PlayableFile: Sendable {
    /// What of it a person would call it by: the words of a line, else the file's name.
    public let label: String
    public let file: Builder.MadeFile

    private static let sounds = ["mp3", "m4a", "m4b", "opus", "ogg", "flac", "wav", "aac"]
    private static let films = ["mp4", "mkv", "webm", "mov"]

    /// True for names of sounds and films.
    public static func isNamed(_ name: String) -> Bool { (sounds + films).contains { name.lowercased().hasSuffix(".\($0)") } }

    /// True for names of what is delivered as a whole.
    public static func isWhole(_ name: String) -> Bool { isNamed(name) && !name.lowercased().hasSuffix(".wav") }
}

/// What of an episode can be listened to, or looked at. Nothing is built.
extension Desk {
    /// The file that a listener gets: the first finished one that the last build has delivered and that is still there.
    /// - Returns: its path.
    /// - Throws: `Diagnostic` (usage) if there is none.
    public func finishedFile(of place: EpisodePlace) throws(Diagnostic) -> String {
        for output in Builder.lastReport(of: place)?.outputs.filter(PlayableFile.isWhole) ?? [] {
            let path = "\(place.directory)/\(output)"
            if try Files.status(path) != nil { return path }
        }
        let shown = builder.shown(place)
        throw Diagnostic(.usage, "\(shown) has nothing finished to play", remedy: "build it: epbuild \(shown)")
    }

    /// What is heard or seen of a target's items, in their order.
    /// - Parameters:
    ///   - take: which rendition; nil: the one in use.
    ///   - takesAny: of what is neither heard nor seen, all files; else that is an error.
    /// - Throws: `Diagnostic` (usage) if there is no such stage, item or take, or nothing of it can be played.
    public func playableFiles(
        of target: Target, take: Take? = nil, takesAny: Bool = false, in inspection: Inspection
    ) throws -> [PlayableFile] {
        let made = try builder.files(of: target, take: take, in: inspection)
        let heard = made.filter { PlayableFile.isNamed($0.name) }
        guard !heard.isEmpty || takesAny else {
            throw Diagnostic(
                .usage, "\(target) is nothing that is heard or seen: \(made.map(\.name).joined(separator: ", "))",
                remedy: "--save FILE writes it")
        }
        let titles = Dictionary(inspection.steps(of: target).map { ($0.target, $0.title) }) { first, _ in first }
        return (heard.isEmpty ? made : heard).map {
            PlayableFile(label: titles[$0.target].flatMap { $0 }?.text() ?? $0.name, file: $0)
        }
    }
}
