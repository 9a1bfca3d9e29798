public import EpCore
import EpFiles

/// What is said of words that were to name an episode, a show or a workspace, and do not.
extension Discovery {
    /// What is wrong with a word behind the episodes of a command line that is none of their stages.
    /// - Parameters:
    ///   - word: as it was written.
    ///   - stages: what there is that it may mean as well; where one of these is nearer, it is no place.
    /// - Returns: nil if it does not look like a place.
    public static func problem(ofPlace word: String, from base: String, stages: [String]) -> Diagnostic? {
        guard !word.isEmpty else { return nil }
        if isDirectory(word, from: base) {
            do throws(Diagnostic) {
                _ = try episodes(at: word, from: base)
                return Diagnostic(
                    .usage, "\(word) stands behind a target", remedy: "name all episodes first, then what is to be made of them")
            } catch {
                return error
            }
        }
        if episode(ofFile: word, from: base) != nil {
            return Diagnostic(
                .usage, "\(word) is a file, and no stage", remedy: "name a stage, or a line of a script of the episode: script.fountain:57")
        }
        let message = "there is no episode \(word), and no stage of that name"
        let stage = Target(parsing: word).stage.text
        let nearStage = Suggestion.nearest(to: stage, in: stages)
        guard let near = nearest(to: word, from: base) else {
            let above = Path(word).parent
            guard nearStage == nil, !above.isEmpty, isDirectory(above, from: base) else { return nil }
            let known = subdirectories(of: absolute(above, from: base)).filter { (try? episodes(at: "\(above)/\($0)", from: base)) != nil }
            return known.isEmpty ? nil : Diagnostic(.usage, message, remedy: Suggestion.remedy(for: Path(word).name, amongItems: known))
        }
        if let nearStage, Suggestion.distance(stage, nearStage) < Suggestion.distance(word, near) { return nil }
        return Diagnostic(.usage, message, remedy: "did you mean \(near)?")
    }

    /// What a path that leads nowhere was probably meant to be: a directory beside it whose name begins so, or is nearly so.
    static func absence(of path: String, from base: String) -> Diagnostic {
        let parts = Path(path)
        let above = parts.parts.count > 1 ? "\(parts.parent)/" : path.hasPrefix("/") ? "/" : ""
        let begun = parts.name.isEmpty ? [] : subdirectories(of: absolute(above, from: base)).filter { $0.hasPrefix(parts.name) }
        let message = "there is no directory \(path)"
        if begun.count > 1 {
            let names = begun.prefix(4).joined(separator: ", ") + (begun.count > 4 ? " and \(begun.count - 4) more" : "")
            return Diagnostic(.usage, message, remedy: "it begins the names of \(names): write one of them in full")
        }
        let near = nearest(to: path, from: base).map { "did you mean \($0)?" }
        return Diagnostic(.usage, message, remedy: near ?? "name an episode, a show or a workspace")
    }

    /// The directory that is nearest to a path, part by part: the one whose name begins so, or is nearly so; nil if there is none, or it is
    /// the path itself.
    private static func nearest(to path: String, from base: String) -> String? {
        var (found, isSame) = (path.hasPrefix("/") ? "/" : "", true)
        for part in Path(path).parts {
            let whole = found + part
            if part == "." || part == ".." || isDirectory(whole, from: base) {
                found = "\(whole)/"
                continue
            }
            let names = subdirectories(of: absolute(found, from: base)), begun = names.filter { $0.hasPrefix(part) }
            guard let near = begun.count == 1 ? begun[0] : Suggestion.nearest(to: part, in: names) else { return nil }
            (found, isSame) = ("\(found)\(near)/", false)
        }
        return isSame || found.isEmpty ? nil : String(found.dropLast())
    }

    private static func absolute(_ path: String, from base: String) -> String { path.hasPrefix("/") ? path : "\(base)/\(path)" }

    private static func isDirectory(_ path: String, from base: String) -> Bool {
        ((try? Files.status(absolute(path, from: base))) ?? nil)?.isDirectory == true
    }

    /// Names of directories, for a suggestion.
    private static func subdirectories(of directory: String) -> [String] {
        let entries = ((try? Files.entries(in: RawPath(directory))) ?? nil) ?? []
        return entries.filter { (try? Files.target(of: $0)) == .directory && !$0.name.begins(with: ".") && !$0.name.isName(out) }
            .compactMap(\.name.text).sorted()
    }
}
