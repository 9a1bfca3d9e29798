import EpCore
import EpPlan
import EpProviders

/// What a script asks for and a voice cannot do: that is said, once for a kind of voice.
extension SpeechTool {
    /// Words that stand out in a line, as their emphasis in the script says.
    func warn(ofStressed text: StressedText, _ asked: Asked, in stage: StageContext) {
        guard let first = text.stressed.first, !asked.canStress(text), SpeakerVoices.of(stage).isNew(asked.vendor.name, unableTo: "stress")
        else { return }
        stage.warn(
            "\(asked.vendor.name) cannot make words stand out: \"\(first)\", and what else has emphasis, is said as the rest is",
            at: stage.element?.location,
            remedy: "espeak, openai and gemini can; or take the marks of emphasis out")
    }

    /// What `delivery` makes of a parenthetical. Where other voices stand behind this one, `delivery` is for those that heed it.
    func warn(ofMannerOf speaker: String, _ asked: Asked, in stage: StageContext) {
        guard asked.others.isEmpty else { return }
        let cannot = asked.cannot.filter { SpeakerVoices.of(stage).isNew(asked.vendor.name, unableTo: $0) }
        guard !cannot.isEmpty else { return }
        stage.warn(
            "\(asked.vendor.name) has no voice of \(cannot.joined(separator: " or ")): what `delivery` says of it is left out",
            at: stage.element?.location,
            remedy: "give \(speaker) another voice, or take it out of `delivery` in show.yaml")
    }
}

extension SpeechTool.Asked {
    /// What the manner asks for and the vendor does not heed.
    fileprivate var cannot: [String] {
        (manner.pitch != 0 && !heedsPitch ? ["another pitch"] : []) + (manner.rate != 0 && !heedsRate ? ["another speed"] : [])
    }

    private var heedsPitch: Bool {
        switch vendor {
        case let vendor as any ProgramVoiceVendor: vendor.heedsPitch(of: voice)
        default: !(vendor is any RemoteVoiceVendor)
        }
    }

    private var heedsRate: Bool {
        switch vendor {
        case let vendor as any ProgramVoiceVendor: vendor.heedsRate(of: voice)
        case let vendor as any RemoteVoiceVendor: vendor.speeds != nil
        default: true
        }
    }

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
