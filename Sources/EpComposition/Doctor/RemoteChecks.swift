import EpCore
import EpHTTP
import EpPlan
import EpRemote

/// The shared caches: each is asked for a blob, and may well not have it.
struct RemoteChecks {
    private let patient: Patient
    private let client = CurlClient()
    private static let asked = Digest(of: Array("epbuild doctor".utf8))

    init(_ patient: Patient) { self.patient = patient }

    func checks() async -> [Check] {
        guard let workspace = patient.workspace else { return [] }
        var checks: [Check] = []
        for remote in workspace.remotes {
            if let check = await check(remote, of: workspace) { checks.append(check) }
        }
        return checks
    }

    /// Nil if its credentials are not set, which has been said.
    private func check(_ settings: RemoteSettings, of workspace: Workspace) async -> Check? {
        let subject = "shared cache"
        do {
            let configuration = try RemoteConfiguration(settings, of: workspace)
            let store = try configuration.store(client: client, environment: Setting.variable)
            _ = try await store.missing(of: [Self.asked])
            return Check(subject, .ok, "\(store.name) answers\(settings.push ? ", and is uploaded to" : "")")
        } catch let problem as Diagnostic {
            if problem.severity == .warning { return nil }
            return Check(subject, .warning, "\(settings.url): \(problem.message)", remedy: problem.remedy)
        } catch let problem as RemoteError {
            return Check(subject, .warning, "\(settings.url) \(problem.message)", remedy: Self.remedy(problem.kind))
        } catch {
            return Check(subject, .warning, "\(settings.url): \(error)")
        }
    }

    private static func remedy(_ kind: RemoteError.Kind) -> String {
        switch kind {
        case .denied: "check the credentials that epbuild.yaml names for it"
        case .untrusted: "apt-get install ca-certificates, or correct the server's certificate"
        case .unexpected: "check its url: there is a server, but no cache"
        default: "check its url and the network; builds go on without it"
        }
    }
}
