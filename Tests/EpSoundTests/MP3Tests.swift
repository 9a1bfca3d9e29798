import EpCore
import EpSound
import Glibc
import Testing

@Suite struct MP3Tests {
    /// Encodes a timeline in parts and writes the joined file.
    private func join(
        _ timeline: MixWindow, _ sources: [PCM], cuts: [Int], gainDecibels: Double = 0, to name: String, _ peer: Peer
    ) throws -> MP3Join {
        let edges = [0] + cuts.map { $0 * MP3.samplesPerFrame } + [timeline.length]
        let parts = try zip(edges, edges.dropFirst()).map { start, end in
            let part = timeline.part(start..<end)
            return try part.window.encode(gainDecibels: gainDecibels, from: part.sources.map { sources[$0] })
        }
        let join = MP3Join(parts.map(\.summary))
        peer.write(try join.infoFrame(samples: timeline.length) + parts.flatMap(\.bytes), name)
        return join
    }

    private func timeline(_ sound: PCM) -> MixWindow {
        MixWindow(
            length: sound.count, isFirst: true, isLast: true,
            placements: [.init(source: 0, offset: 0, start: 0, length: sound.count, gainDecibels: 0)])
    }

    enum Signal: CaseIterable { case sine, noise, chord }

    private func sound(_ signal: Signal) -> PCM {
        switch signal {
        case .sine: return .tone(441.3, seconds: 4.01, amplitude: 0.4, channels: 2)
        case .noise: return .noise(seconds: 4.01, amplitude: 0.25, seed: 7)
        case .chord:
            let tones = [196.1, 523.7, 1_244.5].map { PCM.tone($0, seconds: 4.01, amplitude: 0.15).channels[0] }
            let left = zip(tones[0], tones[1]).map { $0 + $1 }
            return PCM(sampleRate: 44_100, channels: [left, zip(left, tones[2]).map { $0 * 0.5 + $1 }])
        }
    }

    /// Joined, the parts of a continuous sound decode as one encoding of the whole: as many samples, as near to the
    /// original, also around the joins, and without a warning.
    @Test(arguments: Signal.allCases) func joinsWithoutATrace(_ signal: Signal) throws {
        let peer = Peer()
        let original = sound(signal)
        let timeline = timeline(original)
        let cuts = [31, 32, 70, 110]
        _ = try join(timeline, [original], cuts: [], to: "whole.mp3", peer)
        _ = try join(timeline, [original], cuts: cuts, to: "joined.mp3", peer)
        for name in ["whole.mp3", "joined.mp3"] {
            #expect(Peer.shell("ffmpeg -v warning -xerror -i \(peer.path(name)) -f null -") == "")
        }
        let mastered = try timeline.master(0..<timeline.length, gainDecibels: 0, from: [original])
        let whole = peer.decoded("whole.mp3")
        let joined = peer.decoded("joined.mp3")
        for channel in 0..<2 {
            let truth = mastered.channels[channel]
            #expect(whole[channel].count == original.count && joined[channel].count == original.count)
            let wholeRatio = signalToNoise(truth[...], whole[channel][...])
            let joinedRatio = signalToNoise(truth[...], joined[channel][...])
            #expect(abs(wholeRatio - joinedRatio) < 0.5, "\(wholeRatio) and \(joinedRatio) dB")
            for cut in cuts {
                let place = cut * 1_152 - 1_152..<cut * 1_152 + 1_152
                let wholeThere = signalToNoise(truth[place], whole[channel][place])
                let joinedThere = signalToNoise(truth[place], joined[channel][place])
                #expect(joinedThere > wholeThere - 3, "at frame \(cut): \(wholeThere) and \(joinedThere) dB")
            }
            // A click would be an error far larger than any other.
            let worst = zip(truth, whole[channel]).map { abs($0 - $1) }.max()!
            #expect(zip(truth, joined[channel]).allSatisfy { abs($0 - $1) <= worst * 1.5 })
        }
    }

    /// An edit changes its own part; the others keep their bytes.
    @Test func editsStayInTheirPart() throws {
        let peer = Peer()
        let episode = try Episode(peer)
        let edges = Array(stride(from: 0, to: episode.timeline.length, by: 1_152 * 60)) + [episode.timeline.length]
        func encode(_ timeline: MixWindow) throws -> [MP3Part] {
            try zip(edges, edges.dropFirst()).map { start, end in
                let part = timeline.part(start..<end)
                return try part.window.encode(gainDecibels: 0.3, from: part.sources.map { episode.sources[$0] })
            }
        }
        var edited = episode.timeline
        edited.placements[2].gainDecibels -= 6
        let before = try encode(episode.timeline)
        let after = try encode(edited)
        let changed = before.indices.filter { before[$0] != after[$0] }
        let touched = edited.placements[2].range
        #expect(!changed.isEmpty && changed.count < before.count)
        #expect(changed.allSatisfy { edges[$0 + 1] + MixWindow.reach > touched.lowerBound })
        #expect(try encode(episode.timeline) == before)
    }

    /// Whoever wants some frames alone gets those of the whole part, wherever they lie.
    @Test func someFramesAreThoseOfTheWhole() throws {
        let episode = try Episode(Peer(), repeats: 2)
        let sources = MixSounds(episode.sources)
        var parts = [episode.timeline]
        for range in [0..<1_152 * 300, 1_152 * 100..<1_152 * 420, 1_152 * 250..<episode.timeline.length] {
            let part = episode.timeline.part(range)
            // Its sounds as the timeline counts them.
            var window = part.window
            for index in window.placements.indices { window.placements[index].source = part.sources[window.placements[index].source] }
            for index in window.beds.indices { window.beds[index].source = part.sources[window.beds[index].source] }
            parts.append(window)
        }
        for part in parts {
            let whole = try part.encode(gainDecibels: -1.3, from: episode.sources).bytes
            let count = part.frameCount
            #expect(count > 250)
            for wanted in [0..<1, 0..<count, 97..<99, 98..<196, 100..<101, 150..<230, count - 1..<count, count - 120..<count + 9] {
                var frames: [UInt8] = []
                try part.encode(wanted, gainDecibels: -1.3, settings: MP3.Settings(), from: sources) { frames += $0 }
                #expect(frames == Array(MP3.frames(wanted, of: whole)) && !frames.isEmpty, "\(wanted) of \(count)")
            }
        }
    }

    /// The finished file of an episode: its length to the sample, its loudness, its true peak.
    @Test func meetsWhatPlatformsAsk() throws {
        let peer = Peer()
        let episode = try Episode(peer)
        let blocks = try episode.timeline.loudness(from: episode.sources)
        let gain = MixWindow.gainDecibels(for: [blocks])
        _ = try join(episode.timeline, episode.sources, cuts: [60, 130], gainDecibels: gain, to: "a.mp3", peer)
        #expect(peer.decoded("a.mp3")[0].count == episode.timeline.length)
        #expect(abs(peer.loudness("a.mp3") + 16) < 0.3)
        #expect(peer.truePeak("a.mp3") <= -1)
    }

    /// Sound that is far too loud, of the kinds that overshoot most, still ends below −1 dBTP. (White noise is the limit:
    /// at −7 LUFS, 9 above the target, it just holds.)
    @Test func neverOvershoots() throws {
        let peer = Peer()
        let square = PCM.tone(997, seconds: 1, amplitude: 40, channels: 2).channels.map { $0.map { max(-1, min(1, $0)) } }
        let sounds = [
            PCM.noise(seconds: 1, amplitude: 0.4, seed: 3), PCM(sampleRate: 44_100, channels: square),
            PCM.tone(11_025 * 0.999, seconds: 1, amplitude: 1.4, channels: 2),
            try peer.speech().resampled().amplified(12),
        ]
        for (index, sound) in sounds.enumerated() {
            _ = try join(timeline(sound), [sound], cuts: [20], to: "\(index).mp3", peer)
            let peak = peer.truePeak("\(index).mp3")
            #expect(peak <= -1, "sound \(index): \(peak) dBTP")
        }
    }

    /// The frames, bytes, checksum and seek table that LAME's tag announces are those of the file.
    @Test func describesTheFile() throws {
        let peer = Peer()
        let sound = PCM.noise(seconds: 3, amplitude: 0.2, seed: 1)
        let join = try join(timeline(sound), [sound], cuts: [10, 50, 51], to: "a.mp3", peer)
        let file = peer.read("a.mp3")
        let infoSize = 626
        let music = Array(file[infoSize...])
        #expect(try MP3Summary(of: music, named: "a.mp3") == join.whole)
        #expect(join.whole.frameCount == MP3.frameCount(samples: sound.count))
        #expect(file[36..<40].elementsEqual(Array("Info".utf8)))
        func number(_ range: Range<Int>) -> Int { file[range].reduce(0) { $0 << 8 | Int($1) } }
        #expect(number(44..<48) == join.whole.frameCount)
        #expect(number(48..<52) == file.count)
        #expect(number(184..<188) == file.count)
        #expect(number(188..<190) == Int(join.whole.checksum))
        let delays = number(177..<180)
        #expect(delays >> 12 == 576 && delays & 0xFFF == join.whole.frameCount * 1_152 - 576 - sound.count)
        // Where each frame begins: 626 bytes at 192 kbit/s, and one more if the header says so.
        var places = [infoSize]
        while places.last! < file.count { places.append(places.last! + 626 + Int(file[places.last! + 2] >> 1 & 1)) }
        #expect(places.count == join.whole.frameCount + 1 && places.last == file.count)
        for hundredth in 0..<100 {
            let place = places[(places.count - 1) * hundredth / 100]
            #expect(abs(Int(file[52 + hundredth]) - place * 256 / file.count) <= 1)
        }
        // The tag's checksum as the published algorithm has it, bit by bit.
        let checksum = file[..<190].reduce(0 as UInt16) { crc, byte in
            (0..<8).reduce(crc ^ UInt16(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
        }
        #expect(number(190..<192) == Int(checksum))
    }

    @Test(arguments: [0, 1, 46, 47, 623, 624, 1_151, 1_152, 1_153, 50_000]) func keepsAnyLength(_ samples: Int) throws {
        let peer = Peer()
        let sound = PCM(sampleRate: 44_100, channels: [PCM.tone(500, seconds: 2).channels[0].prefix(samples).map { $0 }])
        _ = try join(timeline(sound), [sound], cuts: samples > 2_000 ? [17] : [], to: "a.mp3", peer)
        #expect(peer.decoded("a.mp3")[0].count == samples)
    }

    @Test func refusesPartsThatCannotBeJoined() throws {
        let peer = Peer()
        let sound = PCM.noise(seconds: 1, amplitude: 0.2, seed: 1)
        let part = try timeline(sound).encode(gainDecibels: 0, from: [sound])
        #expect(throws: Diagnostic.self) { try MP3Summary(of: Array(part.bytes.dropLast()), named: "p") }
        #expect(throws: Diagnostic.self) { try MP3Summary(of: Array(part.bytes.dropFirst()), named: "p") }
        #expect(throws: Diagnostic.self) { try MP3Join([part.summary]).infoFrame(samples: sound.count * 2) }
        #expect(throws: Diagnostic.self) {
            try timeline(sound).encode(gainDecibels: 0, settings: .init(bitrate: 190), from: [sound])
        }
        // ffmpeg's encoder borrows bits between frames, unless told not to.
        peer.write(PCM.tone(600, seconds: 2, amplitude: 0.3, channels: 2).wav(), "a.wav")
        let encode = "ffmpeg -v error -i \(peer.path("a.wav")) -b:a 192k -write_xing 0 -id3v2_version 0 -f mp3"
        _ = Peer.shell("\(encode) \(peer.path("b.mp3"))")
        #expect(throws: Diagnostic.self) { try MP3Summary(of: peer.read("b.mp3"), named: "b.mp3") }
        _ = Peer.shell("\(encode) -reservoir 0 -y \(peer.path("c.mp3"))")
        #expect(try MP3Summary(of: peer.read("c.mp3"), named: "c.mp3").frameCount == MP3.frameCount(samples: 88_200))
        #expect(try MP3Summary(json: Array(part.summary.json.utf8), named: "s") == part.summary)
    }
}
