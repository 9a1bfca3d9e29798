import EpCore
import EpSound
import Glibc
import Testing

@Suite struct SynthTests {
    @Test(arguments: Synth.names) func makesSound(_ name: String) throws {
        let seconds = name == "bed" ? 4.0 : nil
        let sound = try Synth.render(name: name, seconds: seconds, seed: 5)
        #expect(sound.isStereo && sound.sampleRate == 44_100)
        #expect(try Synth.render(name: name, seconds: seconds, seed: 5) == sound)
        #expect(sound.channels.joined().allSatisfy { $0.isFinite })
        #expect(sound.peak(in: 0..<sound.count) <= 0.71)
        #expect(try !LineMeasure(of: sound).isSilent)
        // It begins and ends without a click.
        let jump = sound.channels.map { abs($0[0] - $0[sound.count - 1]) }.max()!
        #expect(jump < 0.05)
    }

    @Test func keepsItsLength() throws {
        #expect(try Synth.render(name: "whoosh", seconds: 0.5).count == 22_050)
        #expect(try Synth.render(name: "pop", seed: 1) != Synth.render(name: "pop", seed: 2))
    }

    /// Around its seam the loop is as smooth as anywhere: no second difference is larger than those within.
    @Test func loopsWithoutASeam() throws {
        let bed = try Synth.render(name: "bed", seconds: 3, seed: 1).channels[0]
        func bend(_ n: Int) -> Float {
            let at = { (index: Int) in bed[(index + bed.count) % bed.count] }
            return abs(at(n - 1) - 2 * at(n) + at(n + 1))
        }
        let within = (100..<bed.count - 100).map(bend).max()!
        #expect((-3...3).map(bend).max()! <= within)
        #expect(abs(bed[0]) > 0 || abs(bed[bed.count - 1]) > 0)
    }

    @Test func suggestsNames() {
        #expect { try Synth.render(name: "woosh") } throws: { error in
            (error as? Diagnostic)?.remedy == "did you mean \"whoosh\"?"
        }
        #expect(throws: Diagnostic.self) { try Synth.render(name: "ding", seconds: .nan) }
        #expect(throws: Diagnostic.self) { try Synth.render(name: "ding", seconds: 1e9) }
    }
}
