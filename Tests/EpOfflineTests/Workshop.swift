import EpCore
import FoundationEssentials

@testable import EpOffline

/// The show `Episodes/olivers-workshop`, with its prompts filled in.
struct Workshop {
    static let directory = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound))
        + "/Episodes/olivers-workshop"

    var show: Value
    var episode: Value
    var sources: [String]

    init(episode name: String) throws {
        show = try Self.yaml("show.yaml")
        episode = try Self.yaml("\(name)/episode.yaml")
        let folder = "\(Self.directory)/\(name)/sources"
        sources = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { try Self.text("\(name)/sources/\($0)") }
    }

    /// All documents, each written from the ones before.
    struct Chain {
        var concept = ""
        var outline = ""
        var segments: [String] = []
        var script = ""
    }

    func chain() throws -> Chain {
        var chain = Chain()
        chain.concept = try OfflineWriter.write(prompt: prompt("ideation"))
        let concept = Value.Member("ideation", try BlockYAML.value(of: chain.concept))
        chain.outline = try OfflineWriter.write(prompt: prompt("outlining", concept))
        for beat in try BlockYAML.value(of: chain.outline)["beats"]?.list ?? [] {
            chain.segments.append(try OfflineWriter.write(prompt: prompt("segment", .init("item", beat))))
        }
        chain.script = try OfflineWriter.write(prompt: prompt("script", .init("segment_generation", .strings(chain.segments))))
        return chain
    }

    func prompt(_ name: String, _ others: Value.Member...) throws -> String {
        let texts = Value.list(sources.map { .object([.init("text", .string($0))]) })
        return Template.render(
            try Self.text("prompts/\(name).md"),
            .object([.init("show", show), .init("episode", episode), .init("sources", texts)] + others))
    }

    /// A file in block style. Comments and what no prompt reads (`voice:` with its list of `{ … }`) are left out.
    private static func yaml(_ path: String) throws -> Value {
        let lines = Lines.split(try text(path)).filter { line in
            let words = line.drop { $0 == " " }
            return !words.hasPrefix("#") && !words.hasSuffix(" }") && !["delivery:", "voice:"].contains(words)
        }
        return try BlockYAML.value(of: lines.joined(separator: "\n"))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(directory)/\(path)")), as: UTF8.self)
    }
}
