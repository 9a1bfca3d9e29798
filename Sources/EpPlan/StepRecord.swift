import EpCore

/// What a step says, in one place that all its copies share: a step is handed on a dozen times, and there may be very many of them.
final class StepRecord: Sendable {
    let target: Target
    let tool: ToolName
    let name: String
    let operation: Step.Operation
    let inputs: [Step.Input]
    let emptyDirectories: [String]
    let outputs: [String]
    let platform: [String: String]
    let pool: Pool
    let place: SourceLocation?
    /// Nil for most steps. Never part of the address.
    let aside: Aside?

    init(
        target: Target, tool: ToolName, name: String, operation: Step.Operation, inputs: [Step.Input], emptyDirectories: [String],
        outputs: [String], platform: [String: String], pool: Pool, place: SourceLocation?, aside: Aside?
    ) {
        (self.target, self.tool, self.name, self.operation) = (target, tool, name, operation)
        (self.inputs, self.emptyDirectories, self.outputs) = (inputs, emptyDirectories, outputs)
        (self.platform, self.pool, self.place, self.aside) = (platform, pool, place, aside)
    }

    final class Aside: Sendable {
        let reasons: [Step.Reason]
        let question: Digest?
        let service: Service?
        let timeLimit: TimeLimit?
        let retry: RetrySettings
        let reading: Step.Reading?
        let passedVariables: Set<String>

        init(
            _ reasons: [Step.Reason], _ question: Digest?, _ service: Service?, _ timeLimit: TimeLimit?, _ retry: RetrySettings,
            _ reading: Step.Reading?, _ passedVariables: Set<String>
        ) {
            (self.reasons, self.question, self.service, self.timeLimit, self.retry) = (reasons, question, service, timeLimit, retry)
            (self.reading, self.passedVariables) = (reading, passedVariables)
        }
    }
}
