import EpCore
public import EpPlan

/// A language model that is a program of this machine: it reads `prompt.md` and writes `answer`.
public protocol ProgramModelVendor: LanguageModelVendor {
    var program: Program { get }
    func command(_ question: ModelQuestion) -> [String]
}

/// `use: program` for `llm`: any program that reads a prompt from `prompt.md` and writes its answer to `answer`.
struct ProgramModel: ProgramModelVendor {
    let name = "program"
    let revision = "1"
    private let command: ProgramCommand
    private let model: String

    init(_ configuration: ProviderConfiguration? = nil) {
        command = ProgramCommand(configuration)
        model = configuration?.settings["model"]?.letters ?? ""
    }

    var program: Program { command.program }

    func configured(by configuration: ProviderConfiguration?) -> any LanguageModelVendor { ProgramModel(configuration) }

    func check(_ provider: inout Fields) {
        ProgramCommand.check(&provider, names: ProgramCommand.modelNames)
        AttemptPolicy.checkProgram(&provider)
        _ = provider.text("model")
    }

    func command(_ question: ModelQuestion) -> [String] { command.filled(["model": model]) }

    /// It is run as a program, and asked nothing here.
    func answer(_ question: ModelQuestion, _ serving: Serving) async throws -> ModelAnswer {
        throw StepFailure(Diagnostic(.actionFailed, "a program is run, not asked"))
    }
}
