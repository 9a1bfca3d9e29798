import Dispatch
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpPlan
import Synchronization

/// A calm picture of a running build, drawn in place and taken away when the build ends.
///
/// Events change the progress; a timer alone draws it, so the time goes on when nothing happens.
final class LiveView: BuildObserver {
    private struct State {
        var progress: BatchProgress
        var start = Clock.now()
        /// What programs have said, by build.
        var words: [BuildID: ProgramWords] = [:]
    }

    private let state: Mutex<State>
    /// How many builds are one picture.
    private let count: Int
    private let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "picture"))
    private static let isUnicode = (["LC_ALL", "LC_CTYPE", "LANG"].compactMap(Setting.variable).first ?? "").uppercased().contains("UTF")
    /// What is over within a moment needs no picture.
    private static let patienceSeconds = 0.25
    private static let drawMilliseconds = 100

    private let shown: @Sendable (String) -> String
    private let told: ToldOnce

    /// - Parameters:
    ///   - shown: how a path is shown to a person.
    ///   - count: how many builds are one picture; 1: each has its own.
    init(shown: @escaping @Sendable (String) -> String, _ told: ToldOnce, count: Int = 1) {
        (self.shown, self.told, self.count) = (shown, told, count)
        state = Mutex(State(progress: BatchProgress(count: count)))
        timer.setEventHandler { [weak self] in self?.draw() }
        timer.schedule(deadline: .now() + .milliseconds(Self.drawMilliseconds), repeating: .milliseconds(Self.drawMilliseconds))
        timer.resume()
    }

    deinit { timer.cancel() }

    func observe(_ event: BuildEvent) {
        state.withLock { state in
            if case .started = event.kind, count < 2 { state = State(progress: BatchProgress()) }
            state.progress.observe(event, of: shown(event.episode), at: Clock.now() - state.start)
            state.words[event.build, default: ProgramWords()].observe(event.kind)
        }
        switch event.kind {
        case .warning(let problem), .cacheHealed(let problem): told.tell(problem)
        case .failed(let failure): told.tell(failure.diagnostic)
        case .providerFallback(let fallback): told.say(fallback.words)
        case .actionRetried(_, let retry): told.say(retry.words)
        case .breakerChanged(let change): told.say(change.words)
        case .leaseWaiting(_, let wait): told.say(wait.words)
        case .actionStalled(let site, let stall): told.say("\(site.target): \(stall.words)")
        case .passRepeated(let reason): Console.say("once more: \(reason)")
        case .finished(let report):
            end()
            report.reason.map { _ = told.tell($0) }
            state.withLock { $0.words.removeValue(forKey: event.build)?.lines ?? [] }.forEach(Console.say)
        default: break
        }
    }

    private func end() {
        state.withLock { state in
            if !state.progress.isRunning { Screen.show([]) }
        }
    }

    private func draw() {
        state.withLock { state in
            let elapsed = Clock.now() - state.start
            guard state.progress.isRunning, elapsed > Self.patienceSeconds else { return }
            let (width, height) = Screen.size
            let terminal = Picture.Terminal(width: width, height: height, hasColour: Console.hasColour, isUnicode: Self.isUnicode)
            Screen.show(Picture(progress: state.progress.shown, terminal: terminal, elapsedSeconds: elapsed).lines)
        }
    }
}
