import EpCore
import EpOffline
import EpPlan

/// `use: offline`: the writer that stands in for a language model where there is no key and no network.
struct OfflineModel: LanguageModelVendor {
    let name = "offline"
    let revision = OfflineWriter.revision

    func revision(of question: ModelQuestion) -> String { OfflineWriter.revision(for: question.prompt) }

    func answer(_ question: ModelQuestion, _ serving: Serving) async throws -> ModelAnswer {
        do throws(Diagnostic) {
            return ModelAnswer(
                try kept(OfflineWriter.write(prompt: question.prompt, take: question.take), question.form),
                servedBy: "offline writer \(revision(of: question))")
        } catch {
            // The prompt is no file that a person could open at that line.
            let place = error.location.map { $0.line > 0 ? "line \($0.line) of the rendered prompt: " : "" } ?? ""
            throw StepFailure(Diagnostic(error.code, place + error.message, remedy: error.remedy))
        }
    }

    private func kept(_ text: String, _ form: AnswerForm?) throws(Diagnostic) -> String {
        do throws(ProviderFailure) { return try form?.kept(text) ?? text } catch { throw error.diagnostic(of: name) }
    }
}
