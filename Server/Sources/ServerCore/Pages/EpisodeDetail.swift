import EpCore
import EpDesk
import EpEngine
import EpPlan
import EpProviders

/// What the page of an episode shows beside how it stands: values, made by one look at its whole plan.
struct EpisodeDetail: Sendable {
    struct Due: Sendable {
        let label: String
        let state: String
        let reason: String
    }

    /// As the API gives it.
    let plan: Value
    let sentence: String
    let due: [Due]
    /// What may go wrong with a build as it stands.
    let warnings: [Diagnostic]
    let graph: EpisodeGraph
    /// The finished sounds or films.
    let delivered: [MadeBlob]
    let chapters: [(start: Double, title: String)]

    init(_ plan: PlanAnswer, _ inspection: Inspection, _ desk: Desk) throws {
        self.plan = plan.value
        sentence = Self.sentence(plan)
        due = plan.run.prefix(50).map { Due(label: $0.label, state: $0.state.rawValue, reason: $0.reasonToRun) }
        warnings = plan.warnings
        graph = try desk.builder.graph(inspection.place)
        delivered = Self.delivered(inspection)
        chapters = try Self.chapters(in: inspection, desk)
    }

    private static func sentence(_ plan: PlanAnswer) -> String {
        let estimate = plan.estimate.value
        func money(_ key: String) -> String { estimate[key]?.number.map { Pieces.money(Cost(usd: $0)) } ?? "a sum that nobody knows" }
        let low = money("costUSDLow"), high = money("costUSDHigh")
        let waits = plan.waiting.isEmpty ? "" : " Waits for a decision on \(plan.waiting.map(\.description).joined(separator: ", "))."
        return plan.run.isEmpty && plan.dependent.isEmpty
            ? "Nothing runs as it stands." + waits
            : "\(plan.run.count) to run, \(plan.dependent.count) perhaps; costs \(low)\(low == high ? "" : " to \(high)")." + waits
    }

    /// What there is to be heard or seen of the last stages.
    static func delivered(_ inspection: Inspection) -> [MadeBlob] {
        // Of all steps: what is packaged last is a text, and what is mixed last a part.
        inspection.stages.reversed().lazy.map { stage in
            inspection.steps(of: Target(stage: stage.definition.name)).flatMap { step in
                (step.result?.outputs ?? []).map { MadeBlob(target: step.target, name: $0.path, digest: $0.digest) }
            }.filter { $0.media.isSound || $0.media.isFilm }
        }.first { (1..<5).contains($0.count) } ?? []
    }

    /// Where its chapters begin, as it delivers them.
    static func chapters(in inspection: Inspection, _ desk: Desk) throws -> [(start: Double, title: String)] {
        // Under this name in its step: it is delivered under the episode's.
        let made = inspection.steps.lazy.flatMap { $0.result?.outputs ?? [] }.first { $0.path == "chapters.json" }
        guard let made, let bytes = try desk.builder.bytes(of: made.digest) else { return [] }
        return (Value(json: bytes)?["chapters"]?.list ?? []).compactMap { chapter in
            guard let start = chapter["startTime"]?.number, let title = chapter["title"]?.string else { return nil }
            return (start, title)
        }
    }
}
