import EpCore
public import EpDelivery
public import EpPlan

/// Checks files that lie on a disk, as `tool: check` does those of a build; nothing is stored.
public struct FileCheck: Sendable {
    /// A file by the name that findings have for it.
    public struct File: Sendable {
        public let name: String
        public let path: String

        public init(name: String, path: String) { (self.name, self.path) = (name, path) }
    }

    /// Files by their labels, and bytes that are in no file.
    public typealias Inputs = @Sendable (_ paths: [String: String], _ bytes: [String: [UInt8]]) -> any JobInputs

    private let runner: any StepRunner
    private let inputs: Inputs

    public init(_ runner: any StepRunner, inputs: @escaping Inputs) { (self.runner, self.inputs) = (runner, inputs) }

    /// Those among some files that are checked: sounds and films.
    public static func media(among files: [File]) -> [File] { FinishedFiles(files.map(\.name)).media.map { files[$0] } }

    /// For whom a file is, where nobody says so.
    public static func platforms(for name: String) -> [Platform] {
        ["mp4", "m4v", "mov", "mkv", "webm"].contains { name.lowercased().hasSuffix(".\($0)") }
            ? [.youtube] : [.apple, .spotify, .podcasting]
    }

    /// - Parameters:
    ///   - media: the file that is measured.
    ///   - others: what lies beside it: captions, covers, chapters.
    ///   - directory: an empty one, which whoever gave it removes.
    /// - Throws: `Diagnostic` (`unavailable`) without ffmpeg, `StepFailure`.
    public func findings(
        _ media: File, beside others: [File], in directory: String, for platforms: [Platform],
        expecting expectations: Expectations = Expectations()
    ) async throws -> [Finding] {
        for program in CheckTool().programs { _ = try await runner.version(of: program) }
        let files = [media] + others
        let kinds = FinishedFiles(files.map(\.name))
        let wanted = CheckWishes(platforms: platforms, expectations: expectations).value(files: kinds, media: [0])
        var paths = ["media/0/file": media.path]
        for (number, index) in (kinds.captions + kinds.covers).enumerated() { paths["beside/\(number)"] = files[index].path }
        let measured = try await measure(media, in: directory)
        return try CheckJudge(inputs(paths.merging(measured.paths) { $1 }, measured.bytes), wanted).findings()
    }

    /// - Returns: what the measuring step has left behind, by the labels under which it is judged.
    private func measure(_ media: File, in directory: String) async throws -> (paths: [String: String], bytes: [String: [UInt8]]) {
        let step = Step(
            target: Target(stage: StageName("check")), tool: CheckTool().name, name: "measure", operation: CheckTool.measuring, inputs: [],
            outputs: MediaMeasurement.outputs,
            platform: [:], pool: .cpu)
        let given = inputs(["media": media.path], ["measure.sh": Array(MediaMeasurement.script.utf8)])
        let result = try await runner.run(Job(step: step, inputs: given, take: Take(1)) { directory })
        var (paths, bytes) = ([String: String](), [String: [UInt8]]())
        for (name, content) in result.outputs {
            switch content {
            case .bytes(let made): bytes["media/0/\(name)"] = made
            case .file(let path, _): paths["media/0/\(name)"] = path
            }
        }
        return (paths, bytes)
    }
}
