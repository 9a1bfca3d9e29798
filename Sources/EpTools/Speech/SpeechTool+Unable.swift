import EpCore
import EpPlan
import EpProviders

/// Words that stand out in a line, as their emphasis in the script says.
extension SpeechTool {
    /// What a voice cannot do is said, once for a kind of voice.
    func warn(ofStressed text: StressedText, _ asked: Asked, in stage: StageContext) {
        guard let first = text.stressed.first, !asked.canStress(text), SpeakerVoices.of(stage).isNew(unableToStress: asked.vendor.name)
        else { return }
        stage.warn(
            "\(asked.vendor.name) cannot make words stand out: \"\(first)\", and what else has emphasis, is said as the rest is",
            at: stage.element?.location,
            remedy: "espeak, openai and gemini can; or take the marks of emphasis out")
    }
}

extension SpeechTool.Asked {
    fileprivate func canStress(_ text: StressedText) -> Bool {
        switch vendor {
        case let vendor as any ProgramVoiceVendor: vendor.stressing(text, voice) != nil
        case let vendor as any RemoteVoiceVendor:
            vendor.stressing(text.stressed, vendor.settings(of: provider, settings, manner, words: wantsWords)) != nil
        default: true
        }
    }
}

extension ProgramVoiceVendor {
    /// What has it speak a line.
    func speaking(_ text: StressedText, _ voice: Voice) -> (operation: Step.Operation, inputs: [Step.Input]) {
        let line = Step.Input("line.txt", text: text.text)
        guard !text.stressed.isEmpty, let stressing = stressing(text, voice) else {
            return (.program(arguments: command(voice), environment: [:]), [line])
        }
        let markup = Step.Input(stressing.file.name, text: stressing.file.text)
        return (.program(arguments: stressing.arguments, environment: [:]), [line, markup])
    }
}
