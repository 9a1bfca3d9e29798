public import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpPlan
import EpProviders

/// Who serves a workspace, and what this server has found about them.
public struct ProviderRoom: Sendable {
    private let composition: Composition
    private var vendors: Vendors { composition.vendors }
    private var services: Services { composition.services }

    public init(_ composition: Composition) { self.composition = composition }

    /// What the doctor finds. Nobody who takes money is asked.
    func checks(of place: EpisodePlace) async throws -> [Check] { try await Doctor(place.workspace, composition).checks() }

    /// As `providers --json` gives them, each with how long it is left alone yet.
    func values(of place: EpisodePlace) throws -> [Value] {
        try reports(of: place).map { report in
            let rest: [Value.Member] = [
                .init("leftAlone", .bool(report.restSeconds != nil)),
                .init("restSeconds", report.restSeconds.flatMap { $0.isFinite ? .double($0) : nil } ?? .null),
            ]
            return .object((report.value.members ?? []) + rest)
        }
    }

    /// Has a provider be asked again at once.
    /// - Returns: true if it was left alone.
    /// - Throws: `Problem` 404 if the workspace has none of that name.
    func reset(_ name: String, of place: EpisodePlace) throws -> Bool {
        let reports = try reports(of: place)
        guard let report = reports.first(where: { $0.name == name }) else {
            throw Problem(
                Diagnostic(.usage, "there is no provider of that name", remedy: Suggestion.remedy(for: name, in: reports.map(\.name))))
        }
        return services.reset(report)
    }

    func reports(of place: EpisodePlace) throws -> [ProviderReport] {
        let path = "\(place.workspace)/epbuild.yaml"
        let workspace = try Workspace(directory: place.workspace, Node(fileAt: path))
        return vendors.reports(on: workspace, services)
    }
}
