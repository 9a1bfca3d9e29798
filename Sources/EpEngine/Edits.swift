import EpCache
public import EpCore
import EpPlan
import EpText

/// How a person's edit of a generated text stands to what would be generated in its place.
public enum EditState: String, Sendable {
    /// What it was made from is what would be generated still; or nothing ever was.
    case edited
    /// What would be generated now is another text, or must be made anew to know it.
    case upstreamChanged = "edited, upstream changed"
    /// Both have changed the same lines: a merge needs a person.
    case conflicting
}

/// What became of a merge.
public struct MergeOutcome: Sendable {
    public let file: String
    /// Pairs of conflict marks in the file; 0 if the merge is clean.
    public let conflicts: Int
    /// False if nothing new was generated since the edit.
    public let isChanged: Bool
    /// Where the edit was put aside.
    public let kept: String?
}

/// Hand edits against generations: their states, differences and merges.
extension Builder {
    /// The text that was edited, as it had been generated; nil if none had, or no cache has it any more.
    func base(of name: String, _ lock: EpisodeLock) throws -> [UInt8]? {
        guard let hex = lock.files[name]?.last, let blob = cache.blob(sha256: hex) else { return nil }
        return try cache.bytes(blob)
    }

    /// How the edit of a stage stands.
    /// - Returns: nil if the stage is not edited.
    func editState(of stage: StageDefinition, at place: EpisodePlace, _ lock: EpisodeLock) async throws -> EditState {
        guard let name = stage.output, let base = lock.files[name]?.last, let edit = try Files.read("\(place.directory)/\(name)") else { return .edited }
        // What cannot be planned cannot be generated: the edit is all there is.
        guard let generated = try? await generation(of: stage, at: place, isDryRun: true, observer: Unobserved()) else { return .edited }
        guard case .known(let text) = generated else { return .upstreamChanged }
        if Digest(of: text).hex == base { return .edited }
        guard let original = try self.base(of: name, lock) else { return .upstreamChanged }
        return merge(original, edit, text).conflicts > 0 ? .conflicting : .upstreamChanged
    }

    enum Generation {
        case known([UInt8])
        /// Something must run first.
        case notMade
    }

    /// What a stage generates if its edit is left out of account. Writes nothing into the episode.
    /// - Parameter isDryRun: runs nothing, and asks no shared cache.
    func generation(of stage: StageDefinition, at place: EpisodePlace, isDryRun: Bool, observer: any BuildObserver) async throws -> Generation {
        var options = BuildOptions()
        (options.isDryRun, options.isOffline) = (isDryRun, isDryRun)
        options.targets = [Target(stage: stage.name)]
        for _ in 1...Self.maximumRepeats {
            let last = try LastBuild(of: place, fingerprint: fingerprint)
            let session = BuildSession(builder: self, place: place, options: options, observer: observer, last: last)
            let planned = try await session.pass(ignoringEdit: stage.output) { _ in }
            if planned.reason != nil { continue }
            if let problem = planned.pass.failures.first { throw problem }
            guard let file = planned.pass.planner.artifacts[stage.name]?.files.first, case .output(let step, let path) = file.source,
                let digest = planned.pass.results[step.index]?[path]
            else { return .notMade }
            if let bytes = try cache.bytes(digest) { return .known(bytes) }
        }
        throw Self.unsettled("what \(stage.name) reads is damaged again and again")
    }

    /// Brings a hand edit and a new generation together. What has to be generated is built first.
    /// - Throws: `Diagnostic` if there is no edit, or nothing to merge it with.
    public func merge(_ target: Target, in inspection: Inspection, observer: any BuildObserver) async throws -> MergeOutcome {
        let stage = try inspection.view(of: target).definition
        let place = inspection.place
        guard let name = stage.output, try inspection.view(of: target).isEdited, let edit = try Files.read("\(place.directory)/\(name)") else {
            throw Diagnostic(.usage, "\(target) has no hand edit to merge", remedy: "`epbuild status` tells what is edited")
        }
        guard inspection.lock.files[name] != nil else {
            throw Diagnostic(.usage, "\(name) was written by hand, not generated", remedy: "there is nothing to merge it with")
        }
        guard case .known(let generated) = try await generation(of: stage, at: place, isDryRun: false, observer: observer) else {
            throw Diagnostic(.usage, "\(target) cannot be generated yet", remedy: "`epbuild status` tells what it waits for")
        }
        let digest = Digest(of: generated)
        if inspection.lock.files[name]?.last == digest.hex { return MergeOutcome(file: name, conflicts: 0, isChanged: false, kept: nil) }
        guard let base = try base(of: name, inspection.lock) else {
            throw Diagnostic(
                .actionFailed, "the generation that was edited is in no cache any more", remedy: "`epbuild revert` gives the new one and puts your edit aside: bring them together by hand")
        }
        let merged = merge(base, edit, generated)
        let kept = try putAside(edit, name, place)
        // The file first: a crash in between leaves an edit that can be merged again, never one that is lost.
        try Files.replace("\(place.directory)/\(name)", with: merged.bytes, durably: true)
        try change(inspection) { $0.files[name] = [digest.hex] }
        return MergeOutcome(file: name, conflicts: merged.conflicts, isChanged: true, kept: kept)
    }

    /// The difference between the generated text and the edit, as `diff -u` prints it; empty if there is none.
    public func difference(of target: Target, in inspection: Inspection) throws -> String {
        let stage = try inspection.view(of: target)
        guard let name = stage.definition.output, stage.isEdited, let edit = try Files.read("\(inspection.place.directory)/\(name)") else {
            throw Diagnostic(.usage, "\(target) has no hand edit", remedy: "`--takes 1 2` compares two takes")
        }
        guard let base = try base(of: name, inspection.lock) else {
            throw Diagnostic(.usage, "\(name) has no generated text to compare it with", remedy: "it was written by hand, or its generation is in no cache any more")
        }
        return UnifiedDiff(LineDiff(from: base, to: edit), oldName: "generated/\(name)", newName: name).text
    }

    /// Keeps a copy of an edit that is about to go from the episode.
    /// - Returns: where.
    func putAside(_ edit: [UInt8], _ name: String, _ place: EpisodePlace) throws -> String {
        let kept = "\(place.stateDirectory)/edits/\(Digest(of: edit).short)-\(name)"
        try Files.makeDirectory("\(place.stateDirectory)/edits")
        try Files.replace(kept, with: edit, durably: true)
        return kept
    }

    private func merge(_ base: [UInt8], _ edit: [UInt8], _ generated: [UInt8]) -> ThreeWayMerge {
        ThreeWayMerge(base: base, ours: edit, theirs: generated, names: .init(ours: "your edit", base: "generated before", theirs: "generated now"))
    }
}
