import EpEngine

extension FallbackReport {
    /// `audio_synthesis: 24 actions by eSpeak NG text-to-speech: 1.51, in place of piper`, and what brings piper, if it is not here.
    var words: String {
        let missing = remedy.map { ", which is not on this machine: \($0)" } ?? ""
        return "\(stage): \(Number.of(actions, "action")) by \(Provider.shown(servedBy)), in place of \(asked)\(missing)"
    }
}
