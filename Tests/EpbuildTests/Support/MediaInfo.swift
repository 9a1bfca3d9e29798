import FoundationEssentials
import Testing

/// What mediainfo says of a finished file: a reader of media that shares no code with ffmpeg, which has written it.
struct MediaInfo: Decodable {
    /// What is said of the file (`General`) or of one track of it, as mediainfo calls it: `["Format": "AAC"]`.
    struct Track: Decodable {
        let facts: [String: String]
        /// What has no name of mediainfo's own: the chapters of a `Menu`, by their times.
        let others: [String: String]

        init(from decoder: any Decoder) throws {
            let fields = try decoder.singleValueContainer().decode([String: Field].self)
            facts = fields.compactMapValues(\.text)
            others = fields["extra"]?.fields ?? [:]
        }

        var type: String { facts["@type"] ?? "" }
        /// Seconds.
        var duration: Double? { facts["Duration"].flatMap(Double.init) }
    }

    private enum Field: Decodable {
        case text(String), fields([String: String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .fields(try container.decode([String: String].self))
            }
        }

        var text: String? { if case .text(let text) = self { text } else { nil } }
        var fields: [String: String]? { if case .fields(let fields) = self { fields } else { nil } }
    }

    private struct Media: Decodable { let track: [Track] }
    private let media: Media

    static let isHere: Bool = {
        let isHere = FileManager.default.isExecutableFile(atPath: "/usr/bin/mediainfo")
        if !isHere { print("skipped: mediainfo is not on this machine") }
        return isHere
    }()

    var tracks: [Track] { media.track }
    var general: [String: String] { tracks.first { $0.type == "General" }?.facts ?? [:] }
    func track(_ type: String) throws -> Track { try #require(tracks.first { $0.type == type }, "\(tracks)") }
    /// In the order of their times.
    var chapterTitles: [String] {
        tracks.last { $0.type == "Menu" }?.others.filter { $0.key.hasPrefix("_") }.sorted { $0.key < $1.key }.map(\.value) ?? []
    }

    /// Nothing that it reports of broken files stands in its report.
    /// - Parameter file: below the workspace.
    init(of file: String, _ machine: Machine) async throws {
        let outcome = try await Program.run(
            ["mediainfo", "--Output=JSON", file], in: machine.workspace, environment: machine.environment(["LC_ALL": "C.UTF-8"]))
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        self = try JSONDecoder().decode(Self.self, from: Data(outcome.output.utf8))
        for mark in ["IsTruncated", "ConformanceErrors", "ConformanceWarnings"] {
            #expect(!outcome.output.contains("\"\(mark)\""), "\(outcome.output)")
        }
    }
}
