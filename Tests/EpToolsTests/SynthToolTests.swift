import EpCore
import EpPlan
import EpSound
import Testing

@testable import EpTools

@Suite struct SynthToolTests {
    @Test func eachSoundIsAStepOfItsNameAndItsSeed() async throws {
        let planned = try PlannedEpisode("sounds: { tool: synth, names: [ding, wind], seed: 7 }")
        try await planned.build()
        #expect(planned.steps("sounds").map(\.name) == ["ding", "wind"])
        #expect(try planned.inputs(of: planned.steps("sounds")[0]) == ["name": Array("ding".utf8), "seed": Array("7".utf8)])
        #expect(planned.files("sounds").map(\.name) == ["ding.wav", "wind.wav"])
        for file in planned.files("sounds") {
            let sound = try PCM(wav: try #require(try planned.planner.bytes(of: file.source)), named: file.name)
            #expect(sound.seconds > 0.2 && sound.channels[0].contains { $0 != 0 })
        }
    }

    @Test func theSeedDecidesTheSound() async throws {
        func bytes(_ seed: Int) async throws -> [Path: [UInt8]] {
            let planned = try PlannedEpisode("sounds: { tool: synth, names: [wind], seed: \(seed) }")
            return try await planned.run(try #require(try planned.plan().first)).files
        }
        let (one, again, other) = (try await bytes(1), try await bytes(1), try await bytes(2))
        #expect(one == again && one != other)
    }

    @Test(
        arguments: [
            ("names: [ding, wnd]", "there is no sound \"wnd\"", "did you mean \"wind\"?"),
            ("seed: 1", "stage \"sounds\" has no `names`", "add `names: …`"),
            ("names: [ding], seed: -1", "`seed` of stage \"sounds\" must be a whole number from 0 to 2147483647, not the number -1", nil),
            ("names: [ding, wind, ding]", "the sound \"ding\" is named twice", "take one of them out"),
        ] as [(String, String, String?)])
    func mistakesAreToldAtTheirPlaces(keys: String, message: String, remedy: String?) {
        let problems = PlannedEpisode.problems("sounds: { tool: synth, \(keys) }")
        #expect(
            problems.map(\.message) == [message] && problems.first?.remedy == remedy && problems.first?.location?.line == 2, "\(problems)")
    }
}
