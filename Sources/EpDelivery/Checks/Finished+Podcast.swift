/// What directories of podcasts want.
extension Finished {
    func podcast(_ platform: Platform) -> [Finding] {
        let name = platform.rawValue
        guard let sound = media.sound else {
            return [finding(name, "sound", false, measured: "no sound", wanted: "MP3 or AAC", remedy: "deliver the episode as MP3 or M4A")]
        }
        return [format(name, sound), sampleRate(name, sound, [44_100, 48_000]), bitRate(name, sound)] + level(name, sound) + [
            tags(name), art(name),
        ]
    }

    private func format(_ platform: String, _ sound: MeasuredMedia.Sound) -> Finding {
        finding(
            platform, "format", ["mp3", "aac"].contains(sound.codec), measured: sound.codec.isEmpty ? "unknown" : sound.codec,
            wanted: "mp3 or aac",
            remedy: "have `package` make an MP3 or an M4A")
    }

    func sampleRate(_ platform: String, _ sound: MeasuredMedia.Sound, _ wanted: [Int]) -> Finding {
        finding(
            platform, "sample rate", wanted.contains(sound.sampleRateHz), measured: "\(sound.sampleRateHz) Hz",
            wanted: wanted.map { "\($0)" }.joined(separator: " or ") + " Hz", remedy: "have the sound encoded at that rate")
    }

    private func bitRate(_ platform: String, _ sound: MeasuredMedia.Sound) -> Finding {
        let wanted = sound.channels == 1 ? 64.0...192 : 96.0...320
        let rate = sound.bitRateKbps ?? 0
        return finding(
            platform, "bit rate", (wanted.lowerBound * 0.98...wanted.upperBound * 1.02).contains(rate),
            measured: "\(Shown.number(rate, digits: 0)) kbit/s",
            wanted: "\(Int(wanted.lowerBound)) to \(Int(wanted.upperBound)) kbit/s for \(sound.channels == 1 ? "mono" : "stereo")",
            remedy: "set `bitrate_kbps` of the mix")
    }

    /// Loudness (ITU-R BS.1770) and true peak, on the finished file.
    private func level(_ platform: String, _ sound: MeasuredMedia.Sound) -> [Finding] {
        guard let heard = sound.heard else { return [] }
        let loudness = heard.integratedLUFS ?? -.infinity
        // The convention for one channel, as it is heard from two loudspeakers.
        let targets = sound.channels == 1 ? [-16.0, -19] : [-16]
        return [
            finding(
                platform, "loudness", targets.contains { (loudness - $0).magnitude <= 1.05 }, measured: Shown.decibels(loudness, "LUFS"),
                wanted: targets.map { "\(Shown.number($0, digits: 0)) ± 1" }.joined(separator: " or ") + " LUFS",
                remedy: "set `loudness_lufs` of the mix"),
            finding(
                platform, "true peak", heard.truePeakDB ?? 0 <= -0.95, measured: Shown.decibels(heard.truePeakDB, "dBTP"),
                wanted: "at most −1 dBTP",
                remedy: "mix again: the limiter holds −1 dBTP"),
        ]
    }

    private func tags(_ platform: String) -> Finding {
        let missing = ["title", "artist", "album"].filter { media.tags[$0]?.isEmpty ?? true }
        return finding(
            platform, "tags", missing.isEmpty,
            measured: missing.isEmpty ? "title, artist and album" : "no \(missing.joined(separator: ", no "))",
            wanted: "title, artist and album", remedy: "set `title` of the episode, and `author` and `title` of the show")
    }

    private func art(_ platform: String) -> Finding {
        if let cover = covers.first {
            let fault = CoverImage.fault(of: cover.bytes)
            return finding(
                platform, "cover", fault == nil,
                measured: fault ?? PictureHeader(cover.bytes).map { "\($0.width) × \($0.height) pixels" } ?? "a picture",
                wanted: "a square of 1,400 to 3,000 pixels in RGB", at: cover.name, remedy: CoverImage.remedy(of: cover.bytes))
        }
        let size = media.cover
        let fits = size.map { $0.width == $0.height && CoverImage.sides.contains($0.width) } ?? false
        return finding(
            platform, "cover", fits, measured: size.map { "\($0.width) × \($0.height) pixels" } ?? "none",
            wanted: "a square of 1,400 to 3,000 pixels in RGB",
            remedy: CoverImage.form)
    }

    /// What players of Podcasting 2.0 read beside the sound.
    var podcasting: [Finding] {
        let platform = Platform.podcasting.rawValue
        func beside(_ rule: String, _ fits: (String) -> Bool, wanted: String) -> Finding {
            let found = names.first { fits($0.lowercased()) }
            return finding(platform, rule, found != nil, measured: found ?? "none", wanted: wanted, remedy: "have `package` deliver it")
        }
        let voiced = captions.first { $0.cues.isWebVTT }
        let long = voiced?.cues.cues.first { $0.lines.contains { $0.count > 65 } }
        return [
            beside("chapters", { $0.hasSuffix("chapters.json") }, wanted: "chapters as application/json+chapters"),
            beside("transcript", { $0.hasSuffix(".vtt") }, wanted: "a transcript as WebVTT"),
            beside("transcript as SRT", { $0.hasSuffix(".srt") }, wanted: "a transcript as SubRip"),
            finding(
                platform, "transcript lines", long == nil,
                measured: long?.lines.map(\.count).max().map { "\($0) characters" } ?? "short enough",
                wanted: "at most 65 characters a line",
                at: long.map { "\(voiced?.name ?? media.name) at \(Shown.moment($0.startSeconds))" }, remedy: "build the captions again"),
        ]
    }
}
