import FoundationEssentials
import Testing

/// Recordings for tests, made by ffmpeg, and what ffprobe says of what was made of them.
struct MediaMaker {
    let machine: Machine
    /// Of the episode, in the workspace.
    var episode = SmallShow.episode

    /// Runs a shell where the episode is.
    @discardableResult
    func shell(_ command: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let outcome = try await Program.run(
            ["sh", "-ec", command], in: "\(machine.workspace)/\(episode)", environment: machine.environment())
        try #require(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
        return outcome.output
    }

    /// Runs ffmpeg there.
    func make(_ arguments: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await shell("ffmpeg -nostdin -v error -y \(arguments)", sourceLocation: sourceLocation)
    }

    /// What ffprobe says of a delivered file, a line an entry.
    func probe(
        _ file: String, _ entries: String, stream: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        let selected = stream.map { "-select_streams \($0)" } ?? ""
        return try await shell(
            "ffprobe -v warning \(selected) -show_entries \(entries) -of default=nw=1:nk=1 'file:out/\(file)' 2>&1",
            sourceLocation: sourceLocation
        )
        .split(separator: "\n").map(String.init)
    }

    /// The mean brightness of a frame, as it is encoded.
    func brightness(ofFrame number: Int, in file: String) async throws -> Int {
        let command =
            "ffmpeg -v error -i 'file:out/\(file)' -vf 'select=eq(n\\,\(number)),extractplanes=y,scale=1:1:flags=area' -frames:v 1 -f rawvideo - | od -An -tu1"
        return try #require(Int(try await shell(command).filter(\.isNumber)))
    }
}
