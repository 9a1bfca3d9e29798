extension Synth {
    /// Sounds of things.
    enum Effects {
        /// Something flies past, from left to right.
        @Sendable static func whoosh(_ canvas: inout Canvas, _ noise: inout Noise) {
            let length = canvas.seconds
            for pan in [-0.8, 0.8] {
                var filter = BandFilter()
                canvas.add(at: 0, for: length, pan: pan) { time in
                    let place = time / length
                    let near = Wave.rise(place, over: 0.5) * Wave.rise(1 - place, over: 0.5)
                    let side = pan < 0 ? 1 - place : place
                    let air = filter.step(noise.white(), frequency: 300 + 3_200 * near, damping: 0.6)
                    return air.band * near * side
                }
            }
        }

        /// A small bell.
        @Sendable static func ding(_ canvas: inout Canvas, _ noise: inout Noise) {
            bell(&canvas, frequency: Music.frequency(noise.pick([36, 38, 40, 43])), at: 0, halfLife: canvas.seconds / 8, pan: 0)
        }

        /// Bells scattered upwards.
        @Sendable static func sparkle(_ canvas: inout Canvas, _ noise: inout Noise) {
            for index in 0..<9 {
                let tone = noise.pick([36, 40, 43]) + (index > 4 ? 12 : 0)
                let time = (Double(index) + noise.uniform() * 0.6) * canvas.seconds / 14
                bell(&canvas, frequency: Music.frequency(tone), at: time, halfLife: 0.09, pan: noise.white() * 0.8)
            }
        }

        private static func bell(
            _ canvas: inout Canvas, frequency: Double, at start: Double, halfLife: Double, pan: Double
        ) {
            // The partials of a bar, each weaker and shorter than the one below.
            for (index, ratio) in [1, 2.76, 5.4].enumerated() where frequency * ratio < 16_000 {
                let share = 1 / Double(1 + 2 * index)
                canvas.add(at: start, for: canvas.seconds - start, pan: pan) { time in
                    let ring = Wave.sine(frequency * ratio * time) * Wave.decay(time, halfLife: halfLife * share)
                    return share * Wave.rise(time, over: 0.002) * ring
                }
            }
        }

        /// A deep rumble that swells and goes, with a crackle.
        @Sendable static func rocket(_ canvas: inout Canvas, _ noise: inout Noise) {
            let length = canvas.seconds
            for pan in [-0.7, 0.7] {
                var deep = BandFilter()
                var crackle = BandFilter()
                canvas.add(at: 0, for: length, pan: pan) { time in
                    let swell = Wave.rise(time, over: length * 0.25) * Wave.rise(length - time, over: length * 0.5)
                    let rumble = deep.step(noise.white(), frequency: 110, damping: 1.2).low
                    let spark = noise.uniform() < 0.004 ? noise.white() * 6 : 0
                    return swell * (rumble + 0.12 * crackle.step(spark, frequency: 1_800, damping: 0.8).band)
                }
            }
        }

        /// A cork.
        @Sendable static func pop(_ canvas: inout Canvas, _ noise: inout Noise) {
            let pitch = 420 + 160 * noise.uniform()
            let length = canvas.seconds
            canvas.add(at: 0, for: length) { time in
                // The phase of a pitch that rises by half over the length.
                let turns = pitch * (time + 0.25 * time * time / length)
                return Wave.sine(turns) * Wave.rise(time, over: 0.002) * Wave.decay(time, halfLife: length / 8)
            }
        }

        /// Two a second, heel and sole, from one foot to the other.
        @Sendable static func footsteps(_ canvas: inout Canvas, _ noise: inout Noise) {
            let count = max(1, Int(canvas.seconds / 0.5))
            for step in 0..<count {
                let start = (Double(step) + 0.12 * noise.uniform()) * canvas.seconds / Double(count)
                for (delay, loud, frequency) in [(0, 1.0, 140.0), (0.07, 0.5, 420.0)] {
                    var filter = BandFilter()
                    canvas.add(at: start + delay, for: 0.16, pan: step.isMultiple(of: 2) ? -0.25 : 0.25) { time in
                        let thump = filter.step(noise.white(), frequency: frequency, damping: 0.7)
                        return loud * (thump.low + 0.3 * thump.band) * Wave.rise(time, over: 0.003)
                            * Wave.decay(time, halfLife: 0.018)
                    }
                }
            }
        }

        /// A spring.
        @Sendable static func boing(_ canvas: inout Canvas, _ noise: inout Noise) {
            let pitch = 150 + 60 * noise.uniform()
            let length = canvas.seconds
            canvas.add(at: 0, for: length) { time in
                let wobble = 0.9 * Wave.sine(11 * time) * Wave.decay(time, halfLife: length / 4)
                let turns = pitch * time + wobble
                let tone = Wave.sine(turns) + 0.5 * Wave.sine(2 * turns) + 0.25 * Wave.sine(3 * turns)
                return tone * Wave.rise(time, over: 0.004) * Wave.decay(time, halfLife: length / 6)
            }
        }

        /// Gusts, each side its own.
        @Sendable static func wind(_ canvas: inout Canvas, _ noise: inout Noise) {
            let length = canvas.seconds
            for pan in [-0.6, 0.6] {
                var filter = BandFilter()
                let phase = noise.uniform()
                canvas.add(at: 0, for: length, pan: pan) { time in
                    let gust = 0.6 + 0.4 * Wave.sine(0.35 * time + phase)
                    let ends = Wave.rise(time, over: length * 0.2) * Wave.rise(length - time, over: length * 0.3)
                    return ends * gust * filter.step(noise.white(), frequency: 250 + 500 * gust, damping: 0.25).band
                }
            }
        }
    }
}
