import EpCore
import EpDesk
import EpEngine

/// What people decide and change. Each is one call of the desk, which records who did it.
extension Service {
    func decide(_ call: Call) async throws -> Answer {
        let (fields, entry) = (try call.fields(), try call.episode())
        let desk = try desk(call.user.name)
        let targets = fields.strings("targets").map(Target.init(parsing:))
        if call.route.body.contains(where: { $0.name == "targets" }), targets.isEmpty { throw Problem(422, "targets names nothing") }
        switch call.route.endpoint {
        case .approve, .reject:
            let answers = try await decide(
                isApproval: call.route.endpoint == .approve, targets, entry, note: fields.string("note"), seen: fields.text("artifact"),
                builds: fields.bool("build"), call.user)
            return .json(.list(answers))
        case .saveText:
            let inspection = try await desk.builder.inspect(entry.place, forgiving: true)
            let text = try desk.save(
                Array(fields.string("text").utf8), as: Target(parsing: fields.string("target")), read: fields.string("sha256"),
                in: inspection)
            return .json(text.value(isWhole: false))
        case .say:
            let (text, build) = try await say(
                fields.string("words"), inPlaceOf: fields.string("read"), as: Target(parsing: fields.string("target")), entry,
                builds: fields.bool("build"), call.user)
            return .json(.object((text.value(isWhole: false).members ?? []) + [.init("build", build.map { .int($0.id) } ?? .null)]))
        case .clean:
            let change = try await desk.clean(.targets(targets), at: entry.place)
            return .json(Self.value(change))
        case .use:
            guard let number = fields.int("take"), number > 0 else { throw Problem(422, "a take has a number from 1") }
            return .json(Self.value(try await desk.use(Take(number), of: Target(parsing: fields.string("target")), at: entry.place)))
        case .accept: return .json(try await Self.list(targets) { try await desk.accept($0, at: entry.place).targets.map(\.description) })
        case .unaccept: return .json(try await Self.list(targets) { try await desk.unaccept($0, at: entry.place).map(\.description) })
        case .skip: return .json(try await Self.list(targets) { try await desk.skip($0, at: entry.place).map(\.description) })
        case .unskip: return .json(try await Self.list(targets) { ["\(try await desk.unskip($0, at: entry.place))"] })
        case .pin: return .json(try await Self.list(targets) { try await desk.pin($0, at: entry.place).map(\.description) })
        case .unpin: return .json(try await Self.list(targets) { ["\(try await desk.unpin($0, at: entry.place))"] })
        case .revert: return .json(try await Self.list(targets) { try await desk.revert($0, at: entry.place).map { "\($0.target)" } })
        default: throw Problem(404, "there is nothing of that name")
        }
    }

    /// What changes the time that running actions have, or the files of an episode.
    func move(_ call: Call) async throws -> Answer {
        let (fields, entry) = (try call.fields(), try call.episode())
        let desk = try desk(call.user.name)
        if call.route.endpoint == .extend {
            guard let seconds = fields.number("seconds"), seconds > 0, seconds <= 1e7 else {
                throw Problem(422, "seconds is a number above 0")
            }
            try desk.extend(entry.place, Target(parsing: fields.string("target")), bySeconds: seconds)
            return .json(["target": .string(fields.string("target")), "seconds": .double(seconds)])
        }
        let isWide = fields.bool("show")
        // Other episodes are built from these files, too.
        if isWide, call.user.role < .admin { throw Problem(403, "to put back a show's files is for admins") }
        return .json(try desk.rollBack(entry.place, to: fields.int("build").map(Int64.init), includingShow: isWide).value)
    }

    /// - Parameters:
    ///   - seen: the artifact that the person was shown; nil: whichever it is.
    ///   - builds: goes on with the episode, as the person has said; that may cost something.
    func decide(
        isApproval: Bool, _ targets: [Target], _ entry: Catalog.Entry, note: String, seen: String?, builds: Bool, _ user: User
    ) async throws -> [Value] {
        let desk = try desk(user.name)
        // What waits is shown from the cache, be the build that has made it at its end or not.
        let opinion = Opinion(note: note, by: user.name, sight: seen.map(Sight.artifact) ?? .cached)
        var answers: [GateAnswer] = []
        if isApproval {
            try await desk.approve(targets, at: entry.place, opinion) { answers.append($0) }
        } else {
            try await desk.reject(targets, at: entry.place, opinion) { answers.append($0) }
        }
        if builds { _ = try await runner.add(Job.Order(episodes: [entry.name]), by: user.name) }
        return answers.flatMap(\.decided).map {
            ["target": .string($0.target.description), "consequence": .string(Self.word($0.consequence))]
        }
    }

    /// - Parameter builds: has the line spoken at once, and then what reads it.
    /// - Returns: the text, and the build that speaks the line.
    func say(
        _ words: String, inPlaceOf old: String, as target: Target, _ entry: Catalog.Entry, builds: Bool, _ user: User
    ) async throws -> (text: EpisodeText, build: Job?) {
        let desk = try desk(user.name)
        let text = try desk.say(words, inPlaceOf: old, as: target, in: try await inspection(of: target, at: entry.place, desk))
        guard builds else { return (text, nil) }
        let line = Job.Order(episodes: [entry.name], targets: [target.description], priority: Job.Order.urgent)
        let build = try await runner.add(line, by: user.name)
        _ = try await runner.add(Job.Order(episodes: [entry.name]), by: user.name)
        return (text, build)
    }

    /// A look at what one target is made of, and at nothing else of the episode.
    func inspection(of target: Target, at place: EpisodePlace, _ desk: Desk) async throws -> Inspection {
        var options = BuildOptions()
        options.targets = [target]
        return try await desk.builder.inspect(place, options, forgiving: true)
    }

    private static func list(_ targets: [Target], _ act: (Target) async throws -> [String]) async throws -> Value {
        var done: [Value] = []
        for target in targets {
            done.append(["target": .string(target.description), "changed": .list(try await act(target).map { .string($0) })])
        }
        return .list(done)
    }

    private static func value(_ change: TakeChange) -> Value {
        [
            "actions": .list(change.actions.map { ["target": .string($0.target.description), "count": .int(Int64($0.count))] }),
            "alsoOf": .list(change.alsoOf.map { .string($0.description) }),
        ]
    }

    private static func word(_ consequence: GateAnswer.Consequence) -> String {
        switch consequence {
        case .approved: "approved"
        case .alreadyApproved: "alreadyApproved"
        case .newTake: "newTake"
        case .editStands: "editStands"
        case .pinStands: "pinStands"
        }
    }
}

extension RollbackAnswer {
    fileprivate var value: Value {
        func list(_ paths: [String]) -> Value { .list(paths.map { .string($0) }) }
        return [
            "build": .int(build), "restored": list(files.restored), "removed": list(files.removed), "different": list(files.different),
            "lost": list(files.lost), "kept": files.kept.map { .string($0) } ?? .null,
        ]
    }
}
