import EpSound
import Glibc

/// A short episode of 8 s, or several times that: two lines with a pause, an effect, and music under them that loops.
struct Episode {
    let timeline: MixWindow
    let sources: [PCM]

    init(_ peer: Peer, repeats: Int = 1) throws {
        let lines = try [peer.speech(), peer.speech("And why does it not fall down again? Because it is so fast!")]
        let ding = try Synth.render(name: "ding")
        let music = try Synth.render(name: "bed", seconds: 3)
        sources = try lines.map { try $0.resampled() } + [ding, music]
        var placements: [MixWindow.Placement] = []
        var end = 30_000
        let measures = try (lines + [ding]).map { try LineMeasure(of: $0) }
        for (index, measure) in Array(repeatElement(Array(measures.enumerated()), count: repeats).joined()) {
            placements.append(
                .init(
                    source: index, offset: end, start: measure.start, length: measure.length,
                    gainDecibels: measure.gainDecibels, pan: [0, 0.3, -0.4][index]))
            end += measure.length + 22_050
        }
        var timeline = MixWindow(length: end + 20_001, isFirst: true, isLast: true, placements: placements)
        timeline.beds = [
            .init(
                source: 3, position: 1_000, length: music.count, isLooping: true, levelDecibels: 0,
                fades: .fading(0..<timeline.length, in: 20_000, out: 30_000),
                ducking: .ducking(under: placements.map(\.range), decibels: -20, fade: 22_050))
        ]
        self.timeline = timeline
    }
}

func sine(_ angle: Double) -> Double { sin(angle) }
