import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpTools

/// What an episode has delivered, or a single file of a person's.
struct FinishedEpisode {
    /// By the names under which they are shown.
    let files: [FileCheck.File]

    /// - Throws: `Diagnostic` (usage) if a path is neither, or nothing has been delivered yet.
    static func all(_ paths: [String], _ composition: Composition) throws -> [FinishedEpisode] {
        try paths.flatMap { path in
            let absolute = composition.setting.absolute(path)
            if let status = FileStatus(absolute, followingLink: true), !status.isDirectory {
                let file = FileCheck.File(name: path, path: absolute)
                guard !FileCheck.media(among: [file]).isEmpty else {
                    throw Diagnostic(
                        .usage, "\(path) is neither a sound nor a film nor a feed",
                        remedy: "name an MP3, M4A, M4B, MP4, Opus, FLAC or WAV file, a feed.xml, or an episode")
                }
                return [FinishedEpisode(files: [file])]
            }
            let finished = try composition.episodes([path]).map { try FinishedEpisode(of: $0, shown: composition.builder().shown($0)) }
            return finished
        }
    }

    private init(files: [FileCheck.File]) { self.files = files }

    private init(of place: EpisodePlace, shown: String) throws {
        let out = "\(place.directory)/out"
        files = Self.files(below: out, "").map { FileCheck.File(name: "\(shown)/out/\($0)", path: "\(out)/\($0)") }
        guard !FileCheck.media(among: files).isEmpty else {
            throw Diagnostic(
                .usage, "\(shown) has delivered no sound and no film yet", remedy: "build it first: epbuild \(ShellWord.quoted(shown))")
        }
    }

    private static func files(below directory: String, _ prefix: String) -> [String] {
        Directory.names(directory).sorted().flatMap { name -> [String] in
            let isDirectory = FileStatus("\(directory)/\(name)", followingLink: true)?.isDirectory ?? false
            return isDirectory ? files(below: "\(directory)/\(name)", "\(prefix)\(name)/") : ["\(prefix)\(name)"]
        }
    }

    /// What lies beside a file and shares its name; all if there is but one sound or film.
    func beside(_ media: FileCheck.File) -> [FileCheck.File] {
        let stem = media.name.lastIndex(of: ".").map { media.name[..<$0] } ?? media.name[...]
        let all = FileCheck.media(among: files).map(\.path)
        return files.filter { $0.path != media.path && !all.contains($0.path) && (all.count == 1 || $0.name.hasPrefix("\(stem).")) }
    }
}
