import EpCore
import EpDelivery
import EpPlan
import EpProviders

/// Compares what was measured on files with what is wanted of them.
struct CheckJudge {
    private let inputs: any JobInputs
    private let wanted: Value
    private let names: [String]
    private let media: [Int]
    private let captions: [Int]
    private let covers: [Int]

    /// So much of a file's beginning is looked at: an MP4's index lies within, or behind all of it.
    private static let startBytes = 65_536

    init(_ inputs: any JobInputs, _ wanted: Value) throws {
        func indices(_ key: String) -> [Int] { (wanted[key]?.list ?? []).compactMap { $0.number.map { Int($0) } } }
        (self.inputs, self.wanted) = (inputs, wanted)
        names = (wanted["names"]?.list ?? []).compactMap(\.string)
        (media, captions, covers) = (indices("media"), indices("captions"), indices("covers"))
    }

    func findings() throws -> [Finding] {
        let platforms = (wanted["for"]?.list ?? []).compactMap { $0.string.flatMap(Platform.init) }
        let expectations = Expectations(wanted["expect"])
        return try media.indices.flatMap { number in
            let name = names[media[number]]
            return try Finished(
                facts(number), captions: captions(of: name), covers: covers(of: name), names: names.filter { belongs($0, to: name) },
                timing: timing(of: name)
            )
            .findings(for: platforms, expecting: expectations)
        }
    }

    private func facts(_ number: Int) throws -> MeasuredMedia {
        func text(_ output: String) throws -> String { try inputs.text("media/\(number)/\(output)") }
        let probe = (try? Node(parsing: inputs.bytes("media/\(number)/probe.json"), file: "probe.json").value) ?? .object([])
        let rate = probe["streams"]?.list?.first { $0["codec_type"]?.string == "audio" }?["sample_rate"]
        let file = try inputs.reader("media/\(number)/file")
        let (sound, picture) = (try text("sound.txt"), try text("picture.txt"))
        return MeasuredMedia(
            name: names[media[number]], byteCount: file.count, probe: probe,
            sound: try MediaMeasurement.sound(
                sound, windows: text("windows.txt"), sampleRateHz: rate?.string.flatMap { Int($0) } ?? rate?.number.map { Int($0) } ?? 0),
            picture: try MediaMeasurement.picture(picture, progress: text("progress.txt")),
            problems: try MediaMeasurement.problems([text("problems.txt"), sound, picture]),
            start: try file.bytes(in: 0..<min(Self.startBytes, file.count)))
    }

    private func captions(of name: String) throws -> [(name: String, cues: CaptionCues)] {
        try captions.enumerated().filter { belongs(names[$0.element], to: name) }.map { number, index in
            (names[index], CaptionCues(try inputs.text("beside/\(number)")))
        }
    }

    private func covers(of name: String) throws -> [(name: String, bytes: [UInt8])] {
        try covers.enumerated().filter { belongs(names[$0.element], to: name) }.map { number, index in
            (names[index], try inputs.bytes("beside/\(captions.count + number)"))
        }
    }

    private func timing(of name: String) throws -> FilmTiming? {
        for (number, index) in FinishedFiles(names).timings.enumerated()
        where belongs(names[index], to: name) && inputs.labels.contains("timing/\(number)") {
            return FilmTiming(file: names[index], report: Value(json: try inputs.bytes("timing/\(number)")) ?? .null)
        }
        return nil
    }

    /// What lies beside several media belongs to the one whose name it shares.
    private func belongs(_ other: String, to name: String) -> Bool {
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
        return media.count == 1 || other.hasPrefix("\(stem).")
    }
}
