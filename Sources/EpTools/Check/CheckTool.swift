import EpCore
import EpDelivery
public import EpPlan

/// `tool: check`: measures finished files, and says what platforms would refuse.
///
/// One step a file measures it with ffmpeg; one more compares the numbers with what is wanted.
public struct CheckTool: Tool {
    public let name = ToolName("check")
    public let keys = ["from", "for", "expect", "strict"]
    public let delivers = true
    static let revision = "1"
    private static let ffmpeg = Program("ffmpeg", versionArguments: ["-version"], package: "ffmpeg")
    public var programs: [Program] { [Self.ffmpeg] }

    public init() {}

    public func references(_ stage: StageContext) throws -> [StageReference] { CheckedScenes(of: stage).map { [$0.list] } ?? [] }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        var wanted = try stage.shared { try CheckWishes(of: stage) }
        guard let upstreams = try stage.upstreams(), let version = stage.version(of: Self.ffmpeg) else { return nil }
        if let list = CheckedScenes(of: stage) {
            guard let names = try list.names(in: stage) else { return nil }
            wanted.expectations.scenes = .named(names)
        }
        let files = upstreams.flatMap(\.artifacts.files)
        let kinds = FinishedFiles(files.map(\.name))
        guard !kinds.media.isEmpty else {
            throw Diagnostic(
                .badInput, "`from` of stage \"\(stage.stage.name)\" has no sound and no film", at: stage.stage.location,
                remedy: "name the stage that delivers it: `from: [package]`")
        }
        var inputs = [Step.Input("wanted.json", text: wanted.value(files: kinds).json())]
        for (number, index) in kinds.media.enumerated() {
            let step = stage.add(
                kinds.media.count == 1 ? "measure" : "measure \(files[index].name)", operation: Self.measuring,
                inputs: Self.inputs(ofMeasuring: files[index].source), outputs: MediaMeasurement.outputs, platform: ["ffmpeg": version])
            inputs += MediaMeasurement.outputs.map { Step.Input("media/\(number)/\($0)", .output(step, path: $0)) }
            inputs.append(Step.Input("media/\(number)/file", files[index].source))
        }
        for (number, index) in (kinds.captions + kinds.covers).enumerated() {
            inputs.append(Step.Input("beside/\(number)", files[index].source))
        }
        // Read by whoever expects scenes alone: what others check is not asked anew.
        if wanted.expectations.scenes != nil {
            for (number, index) in kinds.timings.enumerated() { inputs.append(Step.Input("timing/\(number)", files[index].source)) }
        }
        let output = stage.stage.output ?? "\(stage.stage.name)_results.json"
        let step = stage.add("judge", operation: Self.judging, inputs: inputs, outputs: ["results.json"])
        return [ArtifactRef(name: output, source: .output(step, path: "results.json"))]
    }

    /// Runs the measuring script in a directory that holds the file as `media`.
    static let measuring = Step.Operation.program(arguments: ["sh", "measure.sh"], environment: [:])
    static let judging = Step.Operation.builtIn(tool: ToolName("check"), operation: "judge", revision: revision)

    static func inputs(ofMeasuring file: ArtifactSource) -> [Step.Input] {
        [Step.Input("measure.sh", text: MediaMeasurement.script), Step.Input("media", file)]
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        let wanted = try Node(parsing: job.inputs.bytes("wanted.json"), file: "wanted.json").value
        let judge = try CheckJudge(job.inputs, wanted)
        let findings = try judge.findings()
        let failed = findings.filter { $0.result == .fail }
        if wanted["strict"]?.bool == true, let first = failed.first {
            throw StepFailure(
                Diagnostic(
                    .actionFailed, failed.map(\.sentence).joined(separator: "\n"), remedy: first.remedy.isEmpty ? nil : first.remedy))
        }
        return JobResult(
            outputs: ["results.json": .bytes(Array((findings.value.json() + "\n").utf8))], servedBy: "epbuild check",
            messages: failed.map(\.sentence))
    }
}

/// Which of some files are what, by their names.
struct FinishedFiles {
    let names: [String]
    /// Positions among the names.
    let media: [Int]
    let captions: [Int]
    let covers: [Int]
    /// Reports of times, which films have.
    var timings: [Int] { names.indices.filter { names[$0].hasSuffix(".timing.json") } }

    private static let media = ["mp3", "m4a", "m4b", "aac", "mp4", "m4v", "mov", "mkv", "webm", "opus", "ogg", "flac", "wav"]
    private static let captions = ["srt", "vtt"]
    private static let covers = ["jpg", "jpeg", "png"]

    init(_ names: [String]) {
        self.names = names
        func positions(of endings: [String]) -> [Int] {
            names.indices.filter { index in names[index].split(separator: ".").last.map { endings.contains($0.lowercased()) } ?? false }
        }
        (media, captions, covers) = (positions(of: Self.media), positions(of: Self.captions), positions(of: Self.covers))
    }
}

/// What a stage wants of finished files.
struct CheckWishes {
    let platforms: [Platform]
    var expectations: Expectations
    let isStrict: Bool

    init(platforms: [Platform], expectations: Expectations) {
        (self.platforms, self.expectations, isStrict) = (platforms, expectations, false)
    }

    init(of stage: StageContext) throws {
        var fields = try stage.fields()
        platforms = (fields.located("for") ?? []).compactMap { word in
            if let platform = Platform(rawValue: word.text) { return platform }
            fields.report(Diagnostic(
                .badInput, "`for` of \(fields.subject) knows no \"\(word.text)\"", at: word.location,
                remedy: Suggestion.remedy(for: word.text, in: Platform.allCases.map(\.rawValue))))
            return nil
        }
        isStrict = fields.bool("strict") ?? false
        var expectations = Expectations()
        if let node = fields.node("expect") {
            var wanted = try Fields(node, subject: "`expect` of \(fields.subject)")
            let day = 0...86_400.0
            expectations.minimumSeconds = wanted.number("minimum_seconds", in: day)
            expectations.maximumSeconds = wanted.number("maximum_seconds", in: day)
            expectations.longestSilenceSeconds = wanted.number("longest_silence_seconds", in: day) ?? expectations.longestSilenceSeconds
            expectations.longestBlackSeconds = wanted.number("longest_black_seconds", in: day) ?? expectations.longestBlackSeconds
            if let scenes = wanted.node("scenes"), CheckedScenes(scenes) == nil {
                guard let count = scenes.value.number, count >= 1, count == count.rounded(), count < 1e6 else {
                    throw Diagnostic(
                        .badInput, "`scenes` of `expect` must be a number, or the list of a stage, not \(scenes.kind)", at: scenes.location,
                        remedy: "write `scenes: STAGE.scenes`: the list that the film is made of")
                }
                expectations.scenes = .count(Int(count))
            }
            try wanted.finish()
        }
        self.expectations = expectations
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }

    /// What the judging step reads.
    /// - Parameter media: those of the files that are judged; nil: all.
    func value(files: FinishedFiles, media: [Int]? = nil) -> Value {
        func indices(_ list: [Int]) -> Value { .list(list.map { .int(Int64($0)) }) }
        return .object([
            .init("for", .list(platforms.map { .string($0.rawValue) })), .init("strict", .bool(isStrict)),
            .init("expect", expectations.value),
            .init("names", .list(files.names.map { .string($0) })), .init("media", indices(media ?? files.media)),
            .init("captions", indices(files.captions)),
            .init("covers", indices(files.covers)),
        ])
    }
}

extension Expectations {
    var value: Value {
        let numbers: [(String, Double?)] = [
            ("minimum_seconds", minimumSeconds), ("maximum_seconds", maximumSeconds), ("longest_silence_seconds", longestSilenceSeconds),
            ("longest_black_seconds", longestBlackSeconds),
        ]
        return .object(
            numbers.compactMap { name, number in number.map { .init(name, .double($0)) } }
                + (scenes.map { [.init("scenes", $0.value)] } ?? []))
    }

    init(_ value: Value?) {
        self.init()
        minimumSeconds = value?["minimum_seconds"]?.number
        maximumSeconds = value?["maximum_seconds"]?.number
        longestSilenceSeconds = value?["longest_silence_seconds"]?.number ?? longestSilenceSeconds
        longestBlackSeconds = value?["longest_black_seconds"]?.number ?? longestBlackSeconds
        scenes = ExpectedScenes(value?["scenes"])
    }
}
