public import EpCore
public import EpPlan
public import EpProviders
import EpScript

/// Listens to lines that were spoken before, as `check: heard` does while they are: with a program of this machine, for nothing.
public struct LineHearing: Sendable {
    /// Files by their labels, which nothing stores.
    public typealias Inputs = @Sendable (_ bytes: [String: [UInt8]]) -> any JobInputs

    static let operation = "transcript"
    static let transcript = "transcript.json"

    private let check: HeardCheck
    private let runner: any StepRunner
    private let inputs: Inputs
    /// Who listens: `whisper`.
    public var name: String { check.provider?.name ?? check.listener.name }
    /// True if it mishears so much that a line of which it understands nothing may be as it should be.
    public var isRough: Bool { check.listener.tolerance > 0.5 }
    /// All that decides what is heard beside the sound.
    public let settings: String

    /// The workspace's first listener that is a program, else the first that is on this machine.
    /// - Parameters:
    ///   - language: in which the lines are spoken; nil: nobody says.
    ///   - runner: runs built-in steps of `tool: tts`.
    /// - Returns: nil if nobody on this machine can listen.
    public init?(
        _ vendors: Vendors, of workspace: Workspace?, language: String?, _ runner: any StepRunner, inputs: @escaping Inputs
    ) async {
        let configured = (workspace?.providers ?? []).filter { $0.tool == "transcribe" }.compactMap { provider in
            vendors.transcriber(named: provider.use).map { HeardCheck($0, provider, language: language, tolerance: nil) }
        }
        let installed = vendors.transcribers.map { HeardCheck($0, nil, language: language, tolerance: nil) }
        for check in configured + installed {
            guard let program = check.program, !program.name.isEmpty, let version = try? await runner.version(of: program) else { continue }
            (self.check, self.runner, self.inputs) = (check, runner, inputs)
            settings = "\(check.json)\n\(version.line)"
            return
        }
        return nil
    }

    /// - Parameter directory: makes an empty one, which whoever gave it removes.
    /// - Returns: what is heard.
    /// - Throws: `Diagnostic` if the program fails.
    public func transcript(of wav: [UInt8], in directory: @escaping @Sendable () throws -> String) async throws -> String {
        let step = Step(
            target: Target(stage: StageName("check")), tool: ToolName("tts"), name: Self.operation,
            operation: .builtIn(tool: ToolName("tts"), operation: Self.operation, revision: "1"), inputs: [], outputs: [Self.transcript],
            platform: [:], pool: .cpu, service: Service(nil, of: check.listener.name, listener: check.provider, isChecked: true))
        let given = inputs(["line.wav": wav, "heard.json": Array(check.json.utf8)])
        let result: JobResult
        do {
            result = try await runner.run(Job(step: step, inputs: given, take: Take(1), makeDirectory: directory))
        } catch let failure as StepFailure {
            throw failure.diagnostic
        }
        guard case .bytes(let bytes)? = result.outputs[Path(Self.transcript)], let text = Value(json: bytes)?["text"]?.string else {
            throw Diagnostic(.actionFailed, "\(name) has written nothing down")
        }
        return text
    }

    /// How many words were heard wrong; nil if they are not too many. A word may be heard as it is written, or as the lexicon has it said.
    public func errors(in heard: String, for text: String, by speaker: String, of blueprint: Value) -> Int? {
        let said = Lexicon(blueprint, for: [speaker], language: blueprint["language"]?.string ?? "").said(text)
        guard let errors = check.errors(in: heard, for: text) else { return nil }
        return said == text ? errors : check.errors(in: heard, for: said).map { min($0, errors) }
    }
}
