public import EpCore
public import EpEngine

/// What the speakers of an episode say, how much of it is spoken, and what the takes in use have cost.
public struct SpeakerCosts: Sendable {
    public struct Row: Sendable {
        /// "" for the sum of all.
        public let speaker: String
        public internal(set) var lines = 0
        /// As people count them, without what is spoken nowhere.
        public internal(set) var characters = 0
        /// Lines that somebody has spoken, as they stand now.
        public internal(set) var spoken = 0
        public internal(set) var cost = Cost.zero

        init(_ speaker: String) { self.speaker = speaker }

        mutating func count(_ line: LineAnswer) {
            lines += 1
            characters += line.title.words.count
            guard line.state == .upToDate else { return }
            spoken += 1
            cost += line.cost ?? .zero
        }
    }

    public let episode: String
    /// In the order in which they speak first.
    public let rows: [Row]
    public let total: Row

    init(_ episode: String, _ lines: [LineAnswer]) {
        var found: [Row] = []
        var all = Row("")
        for line in lines where !line.isSkipped {
            let speaker = line.title.speaker ?? ""
            let index = found.firstIndex { $0.speaker == speaker } ?? found.count
            if index == found.count { found.append(Row(speaker)) }
            found[index].count(line)
            all.count(line)
        }
        (self.episode, rows, total) = (episode, found, all)
    }

    /// As `cost --by speaker --json` gives it.
    public var value: Value {
        .object([
            .init("by", .string("speaker")), .init("episode", .string(episode)),
            .init("rows", .list(rows.map { .object([.init("speaker", .string($0.speaker))] + $0.members) })),
            .init("total", .object(total.members)),
        ])
    }
}

extension SpeakerCosts.Row {
    fileprivate var members: [Value.Member] {
        [.init("lines", .int(Int64(lines))), .init("characters", .int(Int64(characters))), .init("spokenLines", .int(Int64(spoken)))]
            + cost.members("cost")
    }
}

extension Desk {
    /// What the speakers of an episode say. Runs nothing; of a script that is not known yet, nobody says anything.
    public func speakerCosts(of place: EpisodePlace) async throws -> SpeakerCosts {
        SpeakerCosts(builder.shown(place), try lines(of: try await builder.inspect(place, warn: warn)))
    }
}
