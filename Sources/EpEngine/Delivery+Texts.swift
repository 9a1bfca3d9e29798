import EpCache
import EpCore
import EpFiles
import EpPlan
import Glibc

/// What a person may change: texts in the episode, and what the lock knows of them.
extension Delivery {
    private struct Text {
        let file: ArtifactRef
        let digest: Digest
        /// Relative to the episode.
        let name: String
        var path: Path { Path(name) }
    }

    /// Writes the texts that are not edited, and takes away those of items that are gone. The lock names both the old and the
    /// new digest while a file is replaced, so that a crash in between leaves no file that looks like a person's edit.
    func writeTexts(_ sources: SourceFiles, _ written: inout Written) throws {
        let (texts, items) = known()
        guard !texts.isEmpty || !items.isEmpty || !planner.lostTexts.isEmpty || !planner.pinPlaces.isEmpty || !planner.skipPlaces.isEmpty
        else { return }
        // What stands there, of those that are to be replaced.
        var stale: [Path: Digest?] = [:]
        try lockFile.update { lock in
            for text in texts {
                let current = try digest(at: text.name)
                if current == text.digest {
                    lock.files[text.path] = [text.digest.hex]
                } else if isGenerated(current, text.path, lock) {
                    stale[text.path] = .some(current)
                    lock.files[text.path] = [current?.hex, text.digest.hex].compactMap { $0 }
                }
                // Else a person has changed it since the plan looked at it: the next build sees the edit.
            }
            lock.items.merge(items) { $1 }
            for (name, lost) in planner.lostTexts {
                if lost.isEdited {
                    lock.items[name] = lost.place
                } else {
                    try remove(name, from: &lock)
                    sources.forget(path(of: name.text))
                }
            }
            for (pinned, place) in planner.pinPlaces { lock.pins[pinned]?.place = place }
            for (skipped, place) in planner.skipPlaces where lock.skips[skipped] != nil { lock.skips[skipped] = place }
        }
        for text in texts {
            let path = path(of: text.name)
            written.files.append(path)
            written.places[text.file.source] = path
            guard let before = stale[text.path] else { continue }
            switch try put(text.digest, of: text.file.source, at: PersonalFile.place(path), over: before) {
            case .written:
                sources.forget(path)
                written.fresh.append((path, text.digest))
            case .changedMeanwhile: stale[text.path] = nil
            case .damaged: return written.damaged = "blob \(text.digest.short) is damaged"
            }
        }
        try lockFile.update { lock in
            for text in texts where stale[text.path] != nil { lock.files[text.path] = [text.digest.hex] }
        }
        sources.forget(lockFile.path)
    }

    /// The generated texts, and where the item of each file stands, be it generated or edited.
    private func known() -> (texts: [Text], items: [Path: ItemPlace]) {
        var texts: [Text] = []
        var items = planner.textPlaces
        for stage in planner.stages where stage.isEditable {
            for item in planner.items(of: stage.name) {
                guard let text = planner.texts[Target(stage: stage.name, item: item.item)], let file = item.files.first else { continue }
                items[Path(text.file)] = text.place
                if !text.isEdited, let digest = digest(of: file) { texts.append(Text(file: file, digest: digest, name: text.file)) }
            }
        }
        return (texts, items)
    }

    /// Takes away the text of an item that is gone, if it is as it was generated.
    private func remove(_ name: Path, from lock: inout EpisodeLock) throws {
        let current = try digest(at: name.text)
        guard isGenerated(current, name, lock) else { return }
        unlink(path(of: name.text))
        // The directories around it go only if they are empty.
        var directory = Path(name.parent)
        while !directory.text.isEmpty, rmdir(path(of: directory.text)) == 0 { directory = Path(directory.parent) }
        (lock.files[name], lock.items[name]) = (nil, nil)
    }

    /// Of the file as it is at this moment; nil if there is none.
    private func digest(at name: String) throws -> Digest? { try Files.read(path(of: name)).map { Digest(of: $0) } }

    /// True if a file is as epbuild wrote it, or not there.
    private func isGenerated(_ current: Digest?, _ name: Path, _ lock: EpisodeLock) -> Bool {
        current.map { lock.files[name]?.contains($0.hex) == true } ?? true
    }

    private func path(of name: String) -> String { "\(unit.episode.directory)/\(name)" }
}
