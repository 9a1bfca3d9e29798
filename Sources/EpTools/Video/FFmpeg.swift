import EpPlan

/// The program that encodes films.
enum FFmpeg {
    static let program = Program("ffmpeg", versionArguments: ["-version"], package: "ffmpeg")

    /// What a step that runs it relies on; nil until the program has been asked.
    static func platform(_ stage: StageContext) -> [String: String]? { stage.version(of: program).map { [program.name: $0] } }
}
