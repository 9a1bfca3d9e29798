import EpCore
import EpDelivery
import FoundationEssentials
import Testing

@testable import EpExecution
@testable import EpPlan
@testable import EpTools

/// Scenes of one film are to be decoded in one way, whatever they show: else they cannot be joined without encoding them again.
@Suite struct FilmJoinTests {
    private struct Files: JobInputs {
        var files: [String: [UInt8]]
        var labels: [String] { files.keys.sorted() }
        func bytes(_ label: String) -> [UInt8] { files[label] ?? [] }
        func copy(_ label: String, to path: String) throws { try Data(bytes(label)).write(to: URL(filePath: path)) }
    }

    private static let frames = 12

    /// Has ffmpeg do something in a directory of its own.
    /// - Returns: the file that it has made there.
    private func ffmpeg(_ arguments: [String], _ file: String, with files: [String: [UInt8]] = [:]) async throws -> [UInt8] {
        let home = FileManager.default.temporaryDirectory.appending(path: "epbuild-join-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: home) }
        let runner = ProgramRunner(searchPath: "/usr/local/bin:/usr/bin:/bin", temporaryDirectory: home)
        _ = try await runner.run(arguments, files: files, in: home, holding: [])
        return try [UInt8](Data(contentsOf: URL(filePath: "\(home)/\(file)")))
    }

    private func picture(_ source: String) async throws -> [UInt8] {
        try await ffmpeg(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-frames:v", "1", "p.png"], "p.png")
    }

    private func scene(
        _ picture: [UInt8], _ motion: SceneEncoding.Motion = .none, _ change: ([String]) -> [String] = { $0 }
    ) async throws -> [UInt8] {
        let size = try #require(FrameSize("320x180")), rate = try #require(FrameRate(named: "25"))
        let encoding = SceneEncoding(size: size, rate: rate, frames: Self.frames, motion: motion)
        return try await ffmpeg(change(encoding.arguments(.png, picture: "p.png", scene: "s.mp4")), "s.mp4", with: ["p.png": picture])
    }

    private func join(_ scenes: [[UInt8]]) async throws -> JobResult? {
        var files = ["frames": Array(scenes.map { _ in "\(Self.frames)\n" }.joined().utf8), "sound_frames": [], "list.txt": []]
        for (index, scene) in scenes.enumerated() { files["scenes/\(index + 1).mp4"] = scene }
        let step = Step(
            target: Target(stage: StageName("film")), tool: ToolName("package"), name: "join",
            operation: .builtIn(tool: ToolName("package"), operation: "film.join", revision: "1"), inputs: [], outputs: ["sound.aac"],
            platform: [:], pool: .cpu)
        let home = FileManager.default.temporaryDirectory.appending(path: "epbuild-join-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: home) }
        let job = Job(step: step, inputs: Files(files: files), take: .first) {
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
            return home
        }
        return try FilmSteps.run("film.join", job)
    }

    @Test func whateverTheyShowTheyAreDecodedInOneWay() async throws {
        let pictures = [
            try await picture("color=c=red:size=64x36"), try await picture("testsrc2=size=1000x700"),
            try await picture("color=c=0x20E040@0.5:size=90x200,format=rgba"),
        ]
        var scenes: [[UInt8]] = []
        for picture in pictures { for motion in SceneEncoding.Motion.allCases { scenes.append(try await scene(picture, motion)) } }
        let videos = try scenes.map { try MP4Video($0, named: "scene") }
        #expect(Set(videos.map(\.configuration)).count == 1 && videos.allSatisfy { $0.frames == Self.frames })
        #expect(try await join(scenes) != nil)
    }

    /// Another preset is another way to decode: no player would show what comes after the first scene of the other kind.
    @Test func whatIsEncodedInAnotherWayIsNotJoined() async throws {
        let picture = try await picture("testsrc2=size=640x360")
        let usual = try await scene(picture)
        let other = try await scene(picture) { $0.map { $0 == "veryfast" ? "medium" : $0 } }
        #expect(try MP4Video(usual, named: "a").configuration != MP4Video(other, named: "b").configuration)
        let failure = await #expect(throws: StepFailure.self) { try await join([usual, usual, other]) }
        #expect(failure?.diagnostic.message == "scene 3 is encoded in another way than the first, so they cannot be joined")
        #expect(failure?.diagnostic.remedy?.contains("epbuild clean") == true)
    }
}
