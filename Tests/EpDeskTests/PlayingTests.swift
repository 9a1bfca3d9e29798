import EpCore
import EpEngine
import EpPlan
import FoundationEssentials
import Testing

@testable import EpDesk

/// What of an episode can be heard or seen.
@Suite struct PlayingTests {
    private static let stages = """
          notes: { tool: echo, say: x, output: notes.txt, from: [sound] }
          bed: { tool: echo, say: wave, output: bed.wav }
          sound: { tool: echo, say: music, output: whole.MP3, from: [bed] }

        """

    @Test func theFinishedFileIsTheFirstThatAListenerGetsAndThatIsThere() async throws {
        let show = try TestShow(Self.stages)
        let (desk, place) = (try show.desk(), try show.place())
        let nothing = #expect(throws: Diagnostic.self) { try desk.finishedFile(of: place) }
        #expect(nothing?.code == .usage && nothing?.message == "w/show/one has nothing finished to play")
        #expect(nothing?.remedy == "build it: epbuild w/show/one")
        #expect(await desk.start(place, BuildOptions()).end().outcome == .built)
        let file = try desk.finishedFile(of: place)
        #expect(file == "\(place.directory)/out/whole.MP3")
        try FileManager.default.removeItem(atPath: file)
        #expect(throws: Diagnostic.self) { try desk.finishedFile(of: place) }
    }

    @Test func whatIsHeardOfATargetIsToldByItsName() async throws {
        let show = try TestShow(Self.stages)
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        let inspection = try await desk.builder.inspect(place)
        let bed = try desk.playableFiles(of: Target(parsing: "bed"), in: inspection)
        #expect(bed.map(\.label) == ["bed.wav"] && bed.map(\.file.name) == ["bed.wav"])
        let notes = Target(parsing: "notes")
        let silent = #expect(throws: Diagnostic.self) { try desk.playableFiles(of: notes, in: inspection) }
        #expect(silent?.message == "notes is nothing that is heard or seen: notes.txt")
        #expect(try desk.playableFiles(of: notes, takesAny: true, in: inspection).map(\.file.name) == ["notes.txt"])
        #expect(try desk.playableFiles(of: notes, take: Take(1), takesAny: true, in: inspection).count == 1)
        #expect(throws: Diagnostic.self) { try desk.playableFiles(of: notes, take: Take(2), takesAny: true, in: inspection) }
        #expect(throws: Diagnostic.self) { try desk.playableFiles(of: Target(parsing: "nope"), in: inspection) }
    }

    @Test(arguments: [("a.mp3", true, true), ("A.WAV", true, false), ("film.MKV", true, true), ("notes.txt", false, false)])
    func namesTell(_ name: String, _ isPlayed: Bool, _ isWhole: Bool) {
        #expect(PlayableFile.isNamed(name) == isPlayed && PlayableFile.isWhole(name) == isWhole)
    }
}
