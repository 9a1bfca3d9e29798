import ArgumentParser
import EpComposition
import EpCore
import EpExecution
import EpPlan

/// What other machines run to do a built-in step. Hidden: nobody runs it by hand.
struct RunStepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-step", abstract: "Does the step that is described in this directory, for another epbuild.", shouldDisplay: false)

    func run() async throws {
        let composition = Composition()
        let program = StepProgram(in: composition.setting.directory, tools: composition.tools, searchPath: composition.setting.searchPath)
        do {
            try await program.run()
        } catch let failure as StepFailure {
            throw failure.diagnostic
        } catch let damage as DamagedInput {
            throw Diagnostic(.badInput, damage.what)
        }
    }
}
