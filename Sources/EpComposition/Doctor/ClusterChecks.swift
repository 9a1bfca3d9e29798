import EpCore
import EpExecution
import EpHTTP
import EpPlan
import EpRemote

/// The cluster on which programs are to run: whether a worker takes a small one.
struct ClusterChecks {
    private let patient: Patient
    private let setting: Setting
    private static let patience = Duration.seconds(15)

    init(_ patient: Patient, _ setting: Setting) { (self.patient, self.setting) = (patient, setting) }

    func checks() async -> [Check] {
        guard let workspace = patient.workspace, let settings = workspace.execution else { return [] }
        return [await check(settings, of: workspace)]
    }

    private func check(_ settings: ExecutionSettings, of workspace: Workspace) async -> Check {
        do {
            let service = try RemoteConfiguration(settings, of: workspace)
                .executionService(client: CurlClient(), environment: Setting.variable)
            return try await ask(service, settings)
        } catch let problem as Diagnostic {
            return warning(problem.message, problem.remedy)
        } catch let trouble as ExecutionTrouble {
            let remedy =
                trouble.kind == .unreachable
                ? "check `url`, `instance`, the credentials and the network; programs run here meanwhile"
                : "look into the cluster's log, and whether `platform` is what one of its workers is"
            return warning("\(settings.url) \(trouble.message)", remedy)
        } catch {
            return warning("\(settings.url): \(error)", nil)
        }
    }

    private func ask(_ service: ExecutionService, _ settings: ExecutionSettings) async throws -> Check {
        let home = try TemporaryHome(in: setting.temporaryDirectory)
        guard let answer = try await ClusterProbe(service, settings).ask(within: Self.patience, in: home.path) else {
            return warning(
                "no worker of \(service.name) has taken a small program within \(Self.patience.components.seconds) s",
                "look at its workers, and whether `platform` is what one of them is")
        }
        let notes = [
            answer.system.isEmpty ? "on what, its worker cannot tell (`uname` is not in `path`)" : "on \(answer.system)",
            answer.worker.isEmpty ? nil : "worker \(answer.worker)",
        ]
        return Check("cluster", .ok, "\(service.name) runs programs: \(notes.compactMap { $0 }.joined(separator: ", "))")
    }

    private func warning(_ message: String, _ remedy: String?) -> Check { Check("cluster", .warning, message, remedy: remedy) }
}
