import EpCore
import EpPlan

/// A step whose upstream digests are known.
struct ResolvedStep: Sendable {
    let id: StepID
    let step: Step
    /// The digests of its inputs, in the order of `step.inputs`.
    let inputs: [Digest]
    /// The inputs that are executable because the step that made them left them so, by label.
    var executables: Set<String> = []
    /// Of a step that a fallback serves: where the result of the first action is.
    var first: StepAddress?
    /// True if it must be written down that a fallback serves.
    var isToBeRecorded = false

    func isExecutable(_ input: Step.Input) -> Bool { input.isExecutable || executables.contains(input.label) }
}

/// Where a step's result is found.
struct StepAddress: Sendable {
    let digest: ActionDigest
    /// Nil where it is the first take of the action itself, as it is for nearly all.
    private let other: Other?

    private final class Other: Sendable {
        let takeFree: ActionDigest
        let take: Take
        let isAccepted: Bool

        init(_ takeFree: ActionDigest, _ take: Take, isAccepted: Bool) {
            (self.takeFree, self.take, self.isAccepted) = (takeFree, take, isAccepted)
        }
    }

    var take: Take { other?.take ?? .first }
    /// True if it is another action's, whose result a person lets stand: nobody runs that.
    var isAccepted: Bool { other?.isAccepted ?? false }
    /// The address of its first take, under which takes are kept.
    var takeFree: ActionDigest { other?.takeFree ?? digest }

    init(digest: ActionDigest, takeFree: ActionDigest, take: Take, isAccepted: Bool = false) {
        self.digest = digest
        other = takeFree == digest && take == .first && !isAccepted ? nil : Other(takeFree, take, isAccepted: isAccepted)
    }
}
