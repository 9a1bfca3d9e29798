import Dispatch
import EpCore
import EpEngine
import Synchronization

/// Shows a person how builds go, one after the other.
protocol BuildView: BuildObserver {
    /// True if the failure has been told while the build ran.
    func hasTold(_ failure: Diagnostic) -> Bool
    /// The build is over, however it ended.
    func end()
}

/// A calm picture of a running build, drawn in place and taken away when the build ends.
///
/// Events change the progress; a timer alone draws it, so the time goes on when nothing happens.
final class LiveView: BuildView {
    private struct State {
        var progress = BuildProgress()
        var start = Clock.now()
        var isRunning = false
        var told: Set<Diagnostic> = []
        var words = ProgramWords()
    }

    private let state = Mutex(State())
    private let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "picture"))
    private static let isUnicode = (["LC_ALL", "LC_CTYPE", "LANG"].compactMap(Setting.variable).first ?? "").uppercased().contains("UTF")
    /// What is over within a moment needs no picture.
    private static let patienceSeconds = 0.25
    private static let drawMilliseconds = 100

    private let shown: @Sendable (String) -> String

    /// - Parameter shown: how a path is shown to a person.
    init(shown: @escaping @Sendable (String) -> String) {
        self.shown = shown
        timer.setEventHandler { [weak self] in self?.draw() }
        timer.schedule(deadline: .now() + .milliseconds(Self.drawMilliseconds), repeating: .milliseconds(Self.drawMilliseconds))
        timer.resume()
    }

    deinit { timer.cancel() }

    func observe(_ event: BuildEvent) {
        var event = event
        if case .started(let episode) = event { event = .started(episode: shown(episode)) }
        state.withLock { state in
            if case .started = event { state = State(isRunning: true) }
            state.progress.observe(event, at: Clock.now() - state.start)
            state.words.observe(event)
        }
        switch event {
        // What is damaged the cache itself tells of.
        case .warning(let problem): Console.report(problem)
        case .passRepeated(let reason): Console.say("once more: \(reason)")
        case .actionFailed(let target, let step, let problem): tell(problem.about(target, step))
        case .finished:
            end()
            state.withLock { $0.words.lines }.forEach(Console.say)
        default: break
        }
    }

    func hasTold(_ failure: Diagnostic) -> Bool { state.withLock { $0.told.contains(failure) } }

    func end() {
        state.withLock { state in
            state.isRunning = false
            Screen.show([])
        }
    }

    private func tell(_ failure: Diagnostic) {
        if state.withLock({ $0.told.insert(failure).inserted }) { Console.report(failure) }
    }

    private func draw() {
        state.withLock { state in
            let elapsed = Clock.now() - state.start
            guard state.isRunning, elapsed > Self.patienceSeconds else { return }
            let (width, height) = Screen.size
            let terminal = Picture.Terminal(width: width, height: height, hasColour: Console.hasColour, isUnicode: Self.isUnicode)
            Screen.show(Picture(progress: state.progress, terminal: terminal, elapsedSeconds: elapsed).lines)
        }
    }
}

extension PlainView: BuildView {
    func hasTold(_ failure: Diagnostic) -> Bool { false }
    func end() {}
}

extension Diagnostic {
    /// Says which target it happened to, as a report does.
    fileprivate func about(_ target: Target, _ step: String) -> Diagnostic {
        var copy = self
        copy.message = "\(target)\(step.isEmpty ? "" : " (\(step))"): \(message)"
        return copy
    }
}
