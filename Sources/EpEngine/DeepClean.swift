public import EpCore
import EpFiles
import EpPlan
import Glibc

/// What an episode that is to be started anew has lost, and what of it stays.
public struct DeepClean: Sendable {
    /// How many actions of each stage have a take that they never had.
    public let actions: [(target: Target, count: Int)]
    /// Generated texts that are gone, relative to the episode.
    public let removed: [String]
    /// Texts that stay, as a person has edited them.
    public let kept: [String]
}

extension Builder {
    /// Starts an episode anew: every action that is known gets a take above the highest that it ever had.
    ///
    /// What was generated or remembered is forgotten. Results in caches, hand edits, decisions and the ledger stay.
    /// - Throws: `Diagnostic` if the episode cannot be planned, or its files cannot be changed.
    public func cleanDeep(_ inspection: Inspection) throws -> DeepClean {
        let place = inspection.place
        var (counts, texts) = ([(target: Target, count: Int)](), (removed: [String](), kept: [String]()))
        try change(inspection) { lock in
            counts = advanceAll(in: inspection, &lock)
            for (name, digests) in lock.files.sorted(by: { $0.key.text < $1.key.text }) {
                guard let text = try Files.read("\(place.directory)/\(name.text)") else { continue }
                if digests.contains(Digest(of: text).hex) { texts.removed.append(name.text) } else { texts.kept.append(name.text) }
            }
        }
        // What a killed one of these has left is taken away by the next: until then it is as good as stale.
        for name in texts.removed { Self.remove(Path(name), in: place.directory) }
        for path in [Builder.memoPath(of: place), Trace.path(of: place), Recall.path(of: place)] { unlink(path) }
        return DeepClean(actions: counts, removed: texts.removed, kept: texts.kept)
    }

    /// - Returns: how many actions of each stage.
    private func advanceAll(in inspection: Inspection, _ lock: inout EpisodeLock) -> [(target: Target, count: Int)] {
        var seen: Set<ActionDigest> = []
        return inspection.stages.compactMap { stage in
            let target = Target(stage: stage.definition.name)
            let actions = ((try? known(target, inspection)) ?? []).filter { seen.insert($0.digest).inserted }
            for action in actions { advance([action], for: action.target, in: &lock) }
            return actions.isEmpty ? nil : (target, actions.count)
        }
    }

    /// Removes a text, and the directories around it that are empty then.
    private static func remove(_ name: Path, in directory: String) {
        unlink("\(directory)/\(name.text)")
        var parent = Path(name.parent)
        while !parent.text.isEmpty, rmdir("\(directory)/\(parent.text)") == 0 { parent = Path(parent.parent) }
    }
}
