public import EpCore
public import EpPlan

/// That another provider is asked, as one has failed.
public struct ProviderFallback: Sendable {
    public let site: StepSite
    /// Who has failed.
    public let asked: String
    public let problem: Diagnostic
    /// How often it was asked; 0 if that could not even be begun.
    public let attempts: Int
    /// What the failure has cost.
    public let cost: Cost
    /// Who is asked in its place.
    public let next: String

    /// In a sentence, without the step: of many lines that fall back for one reason, a person is told once.
    public var words: String { "\(asked) fails (\(problem.headline)): \(next) serves in its place" }
}
