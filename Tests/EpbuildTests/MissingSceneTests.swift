import EpCore
import EpPlan
import Testing

/// `expect: { scenes: … }` of a `check` stage: whether all scenes of a list stand in the film.
@Suite struct MissingSceneTests {
    private func film(_ scenes: String) throws -> FilmShow {
        try FilmShow(
            scenes: 4, pipeline: FilmShow.pipeline + "  acceptance: { tool: check, from: [film], expect: { scenes: \(scenes) } }\n")
    }

    private func scenes(_ film: FilmShow) throws -> Value? {
        let results = try Node(parsing: film.machine.read("\(FilmShow.out)/acceptance_results.json"), file: "r").value
        return results["findings"]?.list?.first { $0["rule"]?.string == "scenes" }
    }

    @Test(arguments: ["scenes.scenes", "4"]) func aSceneThatIsMissingFails(_ list: String) async throws {
        let film = try film(list)
        try await film.show.build().expect(.built)
        #expect(try scenes(film)?["result"]?.string == "pass" && scenes(film)?["measured"]?.string == "4 of 4")
        #expect(try await film.machine.run("skip", SmallShow.episode, "videos/2").status == 0)
        try await film.show.build().expect(.built)
        #expect(try scenes(film)?["result"]?.string == "fail")
        #expect(try scenes(film)?["measured"]?.string == (list == "4" ? "3 of 4" : "3 of 4: without s2"))
        #expect(try await film.machine.run("unskip", SmallShow.episode, "videos/2").status == 0)
        try await film.show.build().expect(.built, executed: 0)
        #expect(try scenes(film)?["result"]?.string == "pass")
    }

    @Test(arguments: [
        ("scenes.scene", "there is no such list in scenes.yaml"), ("scene.scenes", "there is no stage \"scene\""),
        ("0", "must be a number, or the list of a stage"),
    ])
    func mistakes(_ list: String, _ says: String) async throws {
        let film = try film(list)
        let outcome = try await film.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
    }
}
