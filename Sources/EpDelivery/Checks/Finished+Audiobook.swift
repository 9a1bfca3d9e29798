/// What ACX wants of a chapter of an audiobook.
extension Finished {
    var audiobook: [Finding] {
        let platform = Platform.acx.rawValue
        guard let sound = media.sound, let heard = sound.heard else {
            return [finding(platform, "sound", false, measured: "no sound", wanted: "MP3", remedy: "deliver each chapter as MP3")]
        }
        func within(_ rule: String, _ value: Double?, _ wanted: ClosedRange<Double>, _ unit: String, remedy: String) -> Finding {
            finding(
                platform, rule, value.map { wanted.contains(($0 * 10).rounded() / 10) } ?? false, measured: Shown.decibels(value, unit),
                wanted: "\(Shown.number(wanted.lowerBound, digits: 1)) to \(Shown.number(wanted.upperBound, digits: 1)) \(unit)",
                remedy: remedy)
        }
        func most(_ rule: String, _ value: Double?, _ limit: Double, _ unit: String, remedy: String) -> Finding {
            finding(
                platform, rule, value.map { ($0 * 10).rounded() / 10 <= limit } ?? true,
                measured: value.map { Shown.decibels($0, unit) } ?? "digital silence",
                wanted: "at most \(Shown.number(limit, digits: 1)) \(unit)", remedy: remedy)
        }
        let minutes = heard.decodedSeconds / 60
        return [
            finding(platform, "format", sound.codec == "mp3", measured: sound.codec, wanted: "mp3", remedy: "deliver each chapter as MP3"),
            sampleRate(platform, sound, [44_100]),
            finding(
                platform, "bit rate", sound.bitRateKbps ?? 0 >= 190, measured: "\(Shown.number(sound.bitRateKbps ?? 0, digits: 0)) kbit/s",
                wanted: "at least 192 kbit/s, constant", remedy: "encode with 192 kbit/s or more"),
            within("level", heard.rmsDB, -23...(-18), "dB RMS", remedy: "raise or lower the level of the whole chapter"),
            most("peak", heard.peakDB, -3, "dB", remedy: "limit the peaks to −3 dB"),
            most("noise", heard.noiseFloorDB, -60, "dB RMS", remedy: "take music and noise away from under the voice"),
            finding(
                platform, "length", minutes <= 120, measured: "\(Shown.number(minutes, digits: 1)) min", wanted: "at most 120 min",
                remedy: "divide the chapter"),
            finding(
                platform, "head", (0.45...1.05).contains(heard.headSeconds), measured: Shown.seconds(heard.headSeconds),
                wanted: "0.5 to 1 s of silence at the beginning",
                remedy: "set the silence before the first word"),
            finding(
                platform, "tail", (0.95...5.05).contains(heard.tailSeconds), measured: Shown.seconds(heard.tailSeconds),
                wanted: "1 to 5 s of silence at the end",
                remedy: "set the silence after the last word"),
            Finding(
                platform, "narration", .note, measured: "not measured", wanted: "a human voice", place: media.name,
                remedy: "ACX is known to reject synthetic narration; ask before you send it"),
        ]
    }
}
