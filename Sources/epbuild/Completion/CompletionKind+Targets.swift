import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpFiles
import EpPlan

extension CompletionKind {
    /// Episodes, shows and workspaces: directories.
    static let places = custom { _, _, prefix in Places(prefix).candidates }

    /// Directories; behind an episode the stages of its pipeline too.
    static let targets = custom { words, index, prefix in
        let others = words.enumerated().filter { $0.offset != index }.map(\.element)
        return StageNames(others).candidates(prefix) + Places(prefix).candidates
    }
}

/// Directories that a word may become.
private struct Places {
    private let prefix: String

    init(_ prefix: String) { self.prefix = prefix }

    var candidates: [String] {
        let base = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        let names = Directory.names(base.isEmpty ? "." : base)
        let isHiddenAskedFor = prefix.dropFirst(base.count).hasPrefix(".")
        return names.sorted().filter { isHiddenAskedFor || !$0.hasPrefix(".") }.map { base + $0 }.filter { path in
            path.hasPrefix(prefix) && FileStatus(path, followingLink: true)?.isDirectory == true
        }
    }
}

/// The stages of the show that an episode on the command line belongs to. Only `show.yaml` and `pipeline.yaml` are read.
private struct StageNames {
    private let names: [String]

    init(_ words: [String]) {
        let directory = Setting().directory
        let places = words.dropFirst().filter { !$0.hasPrefix("-") }.map { NewPlace($0, from: directory) }.filter { $0.has(".") }
        guard let show = places.lazy.compactMap({ $0.ancestor(with: "show.yaml") }).first,
            let stages = ShowPipeline(of: show, shipped: Composition.pipelines).node?.value["stages"]?.members
        else {
            names = []
            return
        }
        names = stages.map(\.key)
    }

    func candidates(_ prefix: String) -> [String] { names.filter { $0.hasPrefix(prefix) } }
}
