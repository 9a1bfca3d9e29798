import EpCore
import EpPlan
import EpProviders
import FoundationEssentials

/// Lines of programs that stay loaded: what they say is the same as if they were begun for each.
extension SpeechTool {
    /// Has a line spoken by a program that stays, if its program does.
    /// - Parameter run: begins the program for this line.
    func speak(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        if let spoken = try await askStaying(job) { return spoken }
        return try await run()
    }

    /// - Returns: nil if the program of a step does not stay.
    private func askStaying(_ job: Job) async throws -> JobResult? {
        guard job.elsewhere == nil, case .program(let command, _) = job.step.operation, let name = command.first else { return nil }
        let text = try job.inputs.text("line.txt")
        let voices = vendors.voices.lazy.compactMap { $0.configured(by: nil) as? any ProgramVoiceVendor }
        guard let question = voices.compactMap({ $0.staying(command, saying: text) }).first else { return nil }
        let answer: String?
        do {
            answer = try await job.programs.ask(question.arguments, about: question.file)
        } catch let failure as StepFailure where failure.exitStatus == nil {
            // Somebody has ended it.
            return nil
        }
        guard let answer, let sound = Data(base64Encoded: answer) else { return nil }
        return JobResult(outputs: ["line.wav": .bytes(Array(sound))], servedBy: job.step.platform[name] ?? name)
    }
}
