import EpCore
import EpDelivery
import EpPlan
import EpProviders
import EpSound

/// What a file is that a film is to be made of: a picture, or a sound with its length.
///
/// It is found by a step of its own (`look`), from the bytes and not from the name; the plan reads what that found. Pictures and sounds
/// that several
/// stages read are looked at once.
enum MediaFacts {
    case picture(PictureKind)
    case sound(Sound)

    /// Of a sound, in seconds and dB.
    struct Sound: Hashable {
        let seconds: Double
        let heard: ClosedRange<Double>
        let gainDecibels: Double
        let isStereo: Bool
        /// Nothing is heard in it: because nothing is said, or as it stands in for another.
        let isSilent: Bool
        let isPlaceholder: Bool
    }

    static let output = "look.json"
    private static let operation = Step.Operation.builtIn(tool: ToolName("video"), operation: "look", revision: "1")

    /// Adds the step that looks at a file, or finds it.
    static func look(at file: ArtifactRef, _ number: Int, in stage: StageContext) -> ArtifactRef {
        let step = stage.add("look \(number)", operation: operation, inputs: [Step.Input("file", file.source)], outputs: [output])
        return ArtifactRef(name: output, source: .output(step, path: output))
    }

    // MARK: the step

    static func run(_ job: Job) throws -> [Path: JobResult.Content] {
        let (bytes, name) = (try job.inputs.reader("file"), name(of: job))
        let start = try bytes.bytes(in: 0..<min(1 << 20, bytes.count))
        let value: Value = if let kind = PictureKind.of(start) {
            try picture(kind, bytes, start, named: name)
        } else {
            try sound(bytes, start, job, named: name)
        }
        return [Path(output): .bytes(Array(value.json().utf8))]
    }

    private static let again = "save it again as PNG or JPEG"

    private static func picture(_ kind: PictureKind, _ bytes: any RandomAccessBytes, _ start: [UInt8], named name: String) throws -> Value {
        guard kind != .moving else { return ["picture": .string(kind.rawValue)] }
        let place = SourceLocation(file: name)
        guard let header = PictureHeader(start), header.width > 0, header.height > 0 else {
            throw Diagnostic(.badInput, "the picture is damaged: it ends before it has told its size", at: place, remedy: again)
        }
        // What ffmpeg misses of a picture it draws in grey.
        guard kind.hasEnd(in: try bytes.bytes(in: max(0, bytes.count - 1 << 20)..<bytes.count)) else {
            throw Diagnostic(.badInput, "the picture is cut off: it has no end", at: place, remedy: again)
        }
        guard header.width <= PictureKind.mostPixels / header.height else {
            throw Diagnostic(
                .badInput,
                "the picture has \(header.width) × \(header.height) pixels, and \(PictureKind.mostPixels / 1_000_000) million at most are "
                    + "read",
                at: place, remedy: "make it smaller: no film here shows more than \(FrameSize.sides.upperBound) in a row")
        }
        return ["picture": .string(kind.rawValue)]
    }

    private static func sound(_ bytes: any RandomAccessBytes, _ start: [UInt8], _ job: Job, named name: String) throws -> Value {
        let place = SourceLocation(file: name)
        let other = CoverImage.kind(of: start)
        guard SoundFormat.of(start) != nil, other == nil else {
            let what = bytes.count == 0 ? "is empty" : other.map { "is \($0)" } ?? "is neither a picture nor a sound that is known"
            throw Diagnostic(
                .badInput, "this file \(what)", at: place,
                remedy: "a film is made of pictures (PNG, JPEG, or a video) and sounds (WAV, FLAC, MP3, Opus): convert it with ffmpeg")
        }
        let isMeant = try Silence.isPlaceholder(wav: bytes)
        let facts = try SoundFacts(bytes, named: name, isMeant: isMeant)
        return [
            "sound": [
                "samples": .int(Int64(facts.samples)), "sample_rate": .int(Int64(facts.sampleRate)), "channels": facts.isStereo ? 2 : 1,
                "heard": [.double(facts.heard.lowerBound), .double(facts.heard.upperBound)], "gain_db": .double(facts.measure.gainDecibels),
                "silent": .bool(isMeant || facts.measure.isSilent),
                "placeholder": .bool(isMeant),
            ],
        ]
    }

    /// How messages tell of the file: a person's own as it is shown, else by the name that its stage gave it.
    private static func name(of job: Job) -> String {
        switch job.step.inputs.first?.source {
        case .file(let file): file.shown
        case .output(_, let path): path
        case .literal, nil: "file"
        }
    }

    /// What a program has made of a picture, unless that is a video of which it complains: a cut off one is shown as far as it goes.
    /// - Throws: `StepFailure` if it is damaged.
    static func checked(_ result: JobResult, _ job: Job) throws -> JobResult {
        guard let said = result.messages.first, let source = job.step.inputs.first(where: { $0.label == "picture" })?.source,
            let bytes = try? job.inputs.reader("picture"), PictureKind.of(try bytes.bytes(in: 0..<min(1024, bytes.count))) == .moving
        else { return result }
        let place: SourceLocation? = if case .file(let file) = source { SourceLocation(file: file.shown) } else { nil }
        throw StepFailure(Diagnostic(
            .badInput, "the video is damaged or cut off; ffmpeg says: \(said)", at: place,
            remedy: "have it whole, or cut it to what is good with ffmpeg"))
    }

    // MARK: what it found

    /// - Throws: `DamagedInput` for what no such step has written.
    init(json bytes: [UInt8]) throws {
        let value = Value(json: bytes)
        if let kind = value?["picture"]?.string.flatMap(PictureKind.init(rawValue:)) {
            self = .picture(kind)
        } else if let sound = value?["sound"], let samples = sound["samples"]?.number, let rate = sound["sample_rate"]?.number, rate > 0,
            let heard = sound["heard"]?.list?.compactMap(\.number), heard.count == 2, heard[0] <= heard[1],
            let gain = sound["gain_db"]?.number
        {
            self = .sound(
                Sound(
                    seconds: samples / rate, heard: heard[0]...heard[1], gainDecibels: gain, isStereo: sound["channels"]?.number == 2,
                    isSilent: sound["silent"]?.bool == true, isPlaceholder: sound["placeholder"]?.bool == true))
        } else {
            throw DamagedInput(Self.output)
        }
    }
}
