public import EpCore

/// Which scenes stand in a film, as its report of times tells: `NAME.timing.json`.
public struct FilmTiming: Sendable {
    public struct Scene: Sendable {
        /// Its id; where it has none, its number.
        public let name: String
        public let endSeconds: Double
    }

    public let file: String
    public let scenes: [Scene]

    /// - Parameters:
    ///   - file: the name of the report.
    ///   - report: as it stands there.
    public init(file: String, report: Value) {
        self.file = file
        scenes = (report["scenes"]?.list ?? []).enumerated().map { index, scene in
            Scene(
                name: scene["id"]?.letters ?? String(index + 1),
                endSeconds: (scene["start_seconds"]?.number ?? 0) + (scene["final_seconds"]?.number ?? 0))
        }
    }
}

/// The scenes that a film is to have.
public enum ExpectedScenes: Sendable, Equatable {
    case count(Int)
    /// Their ids; where a scene has none, its number.
    case named([String])

    public init?(_ value: Value?) {
        guard let value else { return nil }
        if let count = value.number {
            self = .count(Int(count))
        } else if let names = value.list {
            self = .named(names.compactMap(\.letters))
        } else {
            return nil
        }
    }

    public var value: Value {
        switch self {
        case .count(let count): .int(Int64(count))
        case .named(let names): .list(names.map { .string($0) })
        }
    }

    var count: Int {
        switch self {
        case .count(let count): count
        case .named(let names): names.count
        }
    }
}

extension Finished {
    /// Nil where nobody says which scenes there are to be, or it is no film.
    func scenes(_ expectations: Expectations) -> Finding? {
        guard let expected = expectations.scenes, let picture = media.picture else { return nil }
        let wanted = "\(expected.count) scenes, as its report tells"
        guard let timing else {
            return finding(
                "file", "scenes", false, measured: "no report of times beside it", wanted: wanted,
                remedy: "name the stage that makes the film in `from`")
        }
        // A scene that the report has and the film has not got was cut off.
        let seen = (picture.seen?.decodedSeconds ?? 0) + 0.15
        let (present, cut) = (timing.scenes.filter { $0.endSeconds <= seen }, timing.scenes.filter { $0.endSeconds > seen }.map(\.name))
        let missing: [String] =
            switch expected {
            case .count: cut
            case .named(let names): names.filter { name in !present.contains { $0.name == name } }
            }
        let isRight = missing.isEmpty && present.count == expected.count
        let names =
            missing.isEmpty
            ? "" : ": without \(missing.prefix(5).joined(separator: ", "))" + (missing.count > 5 ? " and \(missing.count - 5) more" : "")
        return finding(
            "file", "scenes", isRight, measured: "\(present.count) of \(expected.count)\(names)", wanted: wanted, at: timing.file,
            remedy: "see which scenes are left out (`epbuild status`), and build the film again")
    }
}
