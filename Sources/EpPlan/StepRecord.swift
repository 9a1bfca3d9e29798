import EpCore

/// What a step says, in one place that all its copies share: a step is handed on a dozen times, and there may be very many of them.
final class StepRecord: Sendable {
    let kind: Kind
    /// Of its target.
    let item: String?
    let inputs: [Step.Input]
    /// What it is made for; nil if its place is that of its kind.
    let element: Element?
    /// Nil for most steps. Never part of the address.
    let aside: Aside?

    init(_ kind: Kind, item: String?, inputs: [Step.Input], element: Element?, aside: Aside?) {
        (self.kind, self.item, self.inputs, self.element, self.aside) = (kind, item, inputs, element, aside)
    }

    /// What the steps of most stages have in common.
    final class Kind: Sendable {
        let stage: StageName
        let tool: ToolName
        let name: String
        let operation: Step.Operation
        let emptyDirectories: [String]
        let outputs: [String]
        let platform: [String: String]
        let pool: Pool
        let place: SourceLocation?

        init(
            stage: StageName, tool: ToolName, name: String, operation: Step.Operation, emptyDirectories: [String], outputs: [String],
            platform: [String: String], pool: Pool, place: SourceLocation?
        ) {
            (self.stage, self.tool, self.name, self.operation) = (stage, tool, name, operation)
            (self.emptyDirectories, self.outputs, self.platform) = (emptyDirectories, outputs, platform)
            (self.pool, self.place) = (pool, place)
        }
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
