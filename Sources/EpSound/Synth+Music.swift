extension Synth {
    /// Gentle music for kalimba, pad and bass, in C major.
    enum Music {
        /// Chords as semitones above C.
        private static let progressions: [[[Int]]] = [
            [[0, 4, 7], [9, 12, 16], [5, 9, 12], [7, 11, 14]],
            [[0, 4, 7], [5, 9, 12], [9, 12, 16], [7, 11, 14]],
            [[0, 4, 7], [4, 7, 11], [5, 9, 12], [7, 11, 14]],
            [[5, 9, 12], [0, 4, 7], [7, 11, 14], [9, 12, 16]],
        ]

        /// A loop of whole bars: as many as make the beat nearest to 80 a minute.
        @Sendable static func bed(_ canvas: inout Canvas, _ noise: inout Noise) {
            let bars = max(1, Int((canvas.seconds * 80 / 60 / 4).rounded()))
            let beat = canvas.seconds / Double(bars * 4)
            let chords = noise.pick(progressions)
            for bar in 0..<bars {
                let chord = chords[bar % chords.count]
                let start = Double(bar * 4) * beat
                for tone in chord { pad(&canvas, tone, at: start, for: 4 * beat) }
                bass(&canvas, chord[0], at: start, for: 1.8 * beat)
                bass(&canvas, chord[0], at: start + 2 * beat, for: 1.8 * beat)
                for eighth in 0..<8 where eighth == 0 || noise.uniform() < 0.7 {
                    let tone = noise.pick(chord) + (noise.uniform() < 0.3 ? 24 : 12)
                    let time = start + Double(eighth) * beat / 2
                    kalimba(&canvas, tone, at: time, loud: eighth % 4 == 0 ? 0.5 : 0.35, pan: noise.white() * 0.5)
                }
            }
        }

        /// Rising, and open at the end.
        @Sendable static func intro(_ canvas: inout Canvas, _ noise: inout Noise) {
            let tones = noise.pick([[0, 4, 7, 12, 16, 19, 24], [7, 12, 16, 14, 19, 23, 24], [0, 7, 4, 12, 7, 19, 24]])
            phrase(&canvas, tones, final: [0, 7, 12, 16], spacing: { 1 - 0.05 * $0 })
        }

        /// Falling, slower and slower, home.
        @Sendable static func outro(_ canvas: inout Canvas, _ noise: inout Noise) {
            let tones = noise.pick([[24, 19, 16, 14, 12, 7], [19, 21, 16, 12, 14, 7], [24, 21, 19, 16, 14, 11]])
            phrase(&canvas, tones, final: [0, 4, 7, 12], spacing: { 1 + 0.12 * $0 })
        }

        /// Single notes over the first half, then a chord that rings.
        private static func phrase(
            _ canvas: inout Canvas, _ tones: [Int], final: [Int], spacing: (Double) -> Double
        ) {
            let lengths = tones.indices.map { spacing(Double($0)) }
            let unit = canvas.seconds * 0.5 / lengths.reduce(0, +)
            var time = 0.0
            for (index, tone) in tones.enumerated() {
                let pan = Double(index) / Double(tones.count) - 0.5
                kalimba(&canvas, tone + 12, at: time, loud: 0.5, pan: pan)
                time += lengths[index] * unit
            }
            bass(&canvas, final[0], at: time, for: canvas.seconds - time)
            for (index, tone) in final.enumerated() {
                pad(&canvas, tone, at: time, for: canvas.seconds - time)
                kalimba(&canvas, tone + 12, at: time + 0.03 * Double(index), loud: 0.45, pan: Double(index) * 0.3 - 0.45)
            }
        }

        /// The frequency of a tone, in Hz: 0 is the C below middle C.
        static func frequency(_ tone: Int) -> Double {
            var frequency = 130.8127826502993
            for _ in 0..<abs(tone) { frequency *= tone > 0 ? 1.0594630943592953 : 0.9438743126816935 }
            return frequency
        }

        /// A plucked tongue: a tone, and an overtone of a bar that dies at once.
        private static func kalimba(_ canvas: inout Canvas, _ tone: Int, at start: Double, loud: Double, pan: Double) {
            let frequency = Music.frequency(tone)
            canvas.add(at: start, for: 2.5, pan: pan) { time in
                let body = Wave.sine(frequency * time) * Wave.decay(time, halfLife: 0.22)
                let tongue = Wave.sine(frequency * 5.4 * time) * Wave.decay(time, halfLife: 0.03)
                return loud * Wave.rise(time, over: 0.004) * Wave.rise(2.5 - time, over: 0.3) * (body + 0.12 * tongue)
            }
        }

        /// Two voices slightly apart, that come and go.
        private static func pad(_ canvas: inout Canvas, _ tone: Int, at start: Double, for length: Double) {
            let frequency = Music.frequency(tone)
            for (detune, pan) in [(0.998, -0.6), (1.002, 0.6)] {
                canvas.add(at: start, for: length * 1.2, pan: pan) { time in
                    let swell = Wave.rise(time, over: length * 0.4) * Wave.rise(length * 1.2 - time, over: length * 0.5)
                    let tone = Wave.sine(frequency * detune * time) + 0.2 * Wave.sine(frequency * 2 * detune * time)
                    return 0.1 * swell * tone
                }
            }
        }

        private static func bass(_ canvas: inout Canvas, _ tone: Int, at start: Double, for length: Double) {
            let frequency = Music.frequency(tone) / 2
            canvas.add(at: start, for: length) { time in
                let shape = Wave.rise(time, over: 0.02) * Wave.rise(length - time, over: length * 0.4)
                return 0.3 * shape * (Wave.sine(frequency * time) + 0.25 * Wave.sine(frequency * 2 * time))
            }
        }
    }
}
