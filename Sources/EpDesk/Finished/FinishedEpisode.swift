import EpCore
import EpEngine
import EpFiles
import EpTools

/// What an episode has delivered, or a single file of a person's.
struct FinishedEpisode {
    /// By the names under which they are shown.
    let files: [FileCheck.File]

    /// Those of them that are measured: sounds and films.
    var media: [FileCheck.File] { FileCheck.media(among: files) }

    /// A single file.
    /// - Throws: `Diagnostic` (usage) if it is neither a sound nor a film.
    init(file name: String, at path: String) throws(Diagnostic) {
        files = [FileCheck.File(name: name, path: path)]
        guard !media.isEmpty else {
            throw Diagnostic(
                .usage, "\(name) is neither a sound nor a film nor a feed",
                remedy: "name an MP3, M4A, M4B, MP4, Opus, FLAC or WAV file, a feed.xml, or an episode")
        }
    }

    /// What an episode has delivered.
    /// - Throws: `Diagnostic` (usage) if that is nothing yet.
    init(of place: EpisodePlace, shown: String) throws(Diagnostic) {
        let out = "\(place.directory)/out"
        files = Self.files(below: out, "").map { FileCheck.File(name: "\(shown)/out/\($0)", path: "\(out)/\($0)") }
        guard !media.isEmpty else {
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
        let all = self.media.map(\.path)
        return files.filter { $0.path != media.path && !all.contains($0.path) && (all.count == 1 || $0.name.hasPrefix("\(stem).")) }
    }
}
