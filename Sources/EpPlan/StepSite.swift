public import EpCore

/// Which step of a plan something happens to, and the place in the person's files that it came from.
public struct StepSite: Hashable, Sendable {
    public let target: Target
    /// Tells it from the others of its target; "" if it is the only one.
    public let step: String
    /// The line of a script, the entry of a list, else the stage in the pipeline; nil if none of them is a person's.
    public let place: SourceLocation?

    public init(_ target: Target, step: String = "", at place: SourceLocation? = nil) {
        self.target = target
        self.step = step
        self.place = place
    }

    /// As a person sees it: `audio_synthesis/3`, `audio_mixing (part 2)`.
    public var label: String { step.isEmpty ? "\(target)" : "\(target) (\(step))" }
}
