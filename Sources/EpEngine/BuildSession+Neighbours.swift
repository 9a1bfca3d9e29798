import EpCache
import EpCore
import EpFiles
import EpPlan

/// What episodes tell each other.
extension BuildSession {
    /// Looks up the episodes that this one listens to and that have told nothing here: after a fresh clone, say.
    ///
    /// They are planned, and nothing of them is run: what a cache has is found, and what is not made yet stays unknown.
    func listen(to unit: BuildUnit) async throws {
        guard !options.isLookingUp else { return }
        for hearing in Set(unit.stages.compactMap { builder.tools[$0.tool]?.hears }) {
            for neighbour in try neighbourhood.silent(hearing) where !builder.hearsay.wasAsked(hearing.telling, by: neighbour) {
                builder.hearsay.note(try await rememberedVersions())
                let bytes = try await lookUp(hearing.telling, by: neighbour)
                builder.hearsay.note(bytes, as: hearing.telling, by: neighbour)
                if let bytes, !options.isDryRun, !options.isDraft {
                    try write(bytes, as: hearing.telling, by: neighbourhood.place(of: neighbour))
                }
            }
        }
    }

    /// - Returns: nil if no cache has it, or the episode cannot be planned.
    private func lookUp(_ telling: Telling, by neighbour: Neighbour) async throws -> [UInt8]? {
        let place = neighbourhood.place(of: neighbour)
        var options = BuildOptions()
        (options.isDryRun, options.isForgiving, options.isLookingUp, options.seeks) = (true, true, true, telling)
        // The feed tells of files that are here; a concept may have come to be elsewhere.
        options.isOffline = self.options.isOffline || self.options.isDryRun || telling == .record
        // What is wrong with a shared cache is this build's to tell; what is doubtful in the other episode is its own.
        let heard = BuildEvents(of: place, builder.surroundings) { [events] in
            if case .warning(let problem) = $0.kind, problem.code == .remote { events.tell($0.kind) }
        }
        let last = try LastBuild(of: place, fingerprint: builder.fingerprint)
        let session = BuildSession(builder: builder, place: place, options: options, events: heard, cache: cache, last: last, asked: asked)
        do {
            let planned = try await session.pass()
            return try planned.bytes(of: telling)
        } catch is Diagnostic {
            return nil
        } catch is DiagnosticList {
            return nil
        }
    }

    /// Writes down what this episode tells, for the builds of the others.
    func tell(_ planned: Planned) throws {
        builder.hearsay.note(planned.knowledge.versions)
        for telling in Telling.allCases {
            guard let bytes = try planned.bytes(of: telling) else { continue }
            try write(bytes, as: telling, by: place)
        }
    }

    private func write(_ bytes: [UInt8], as telling: Telling, by place: EpisodePlace) throws {
        let path = Neighbourhood.path(of: telling, by: place)
        // What stays the same must not look new: the others' memos have its stat.
        guard StateFile.read(path) != bytes else { return }
        try StateFile.makeDirectory("\(place.stateDirectory)/told/\(telling.rawValue)")
        StateFile.makeRoom(for: path)
        try Files.replace(path, with: bytes)
        sources.forget(path)
    }
}

extension Planner {
    /// True if what is sought is known before anything has run.
    func tells(_ sought: Telling?) -> Bool { if let sought, case .literal? = told[sought]?.source { true } else { false } }
}

extension BuildSession.Planned {
    /// What the episode tells; nil if that is not known, or nobody has approved it.
    func bytes(of telling: Telling) throws -> [UInt8]? {
        guard let (stage, source) = pass.planner.told[telling] else { return nil }
        let isHeldBack = pass.planner.gates.contains { $0.subject.target.stage == stage && !$0.state.isClosed }
        guard telling == .concept || !isHeldBack else { return nil }
        return try pass.planner.bytes(of: source)
    }
}
