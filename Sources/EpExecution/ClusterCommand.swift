import EpCore
import EpPlan
import EpRemote

/// A command as a cluster is to run it: with the surroundings that it has here.
///
/// Workers find no programs by name, and know no home. A shell, which any of them has, looks for the program, and gives it its directory
/// as its home.
struct ClusterCommand {
    let arguments: [String]
    let environment: [String: String]

    /// - Parameter path: where workers look for programs, unless the step says otherwise.
    init(_ arguments: [String], _ declared: [String: String], path: String) {
        let homes = ["HOME", "TMPDIR"].filter { declared[$0] == nil }
        let script = #"command -v "$1" >/dev/null 2>&1 || { echo "epbuild: no program $1" >&2; exit \#(Self.missing); }"#
            + homes.map { "; \($0)=$PWD; export \($0)" }.joined() + #"; exec "$@""#
        self.arguments = ["/bin/sh", "-c", script, "sh"] + arguments
        environment = ["PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC"].merging(declared) { $1 }
    }

    /// A question to a program, without inputs and outputs: its answer is what it prints, and is not to be kept.
    static func question(_ words: [String], _ settings: ExecutionSettings) -> ExecutionService.Order {
        let command = ClusterCommand(words, [:], path: settings.path)
        let action = Action(
            arguments: command.arguments, environment: command.environment, outputs: [], inputs: InputTree([]), platform: settings.platform)
        return ExecutionService.Order(action.encodedForExecution(isKept: false), files: [], isFresh: true)
    }

    /// The status with which a shell says that there is no such program.
    static let missing: Int32 = 127
    static func complaint(of program: String) -> String { "epbuild: no program \(program)" }
}
