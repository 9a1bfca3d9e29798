import EpCore
public import EpEngine
import EpFiles
public import EpHistory
import Glibc

/// A process that builds, as others of the workspace can see it: a file in `.epbuild/running/` for as long as it does.
public struct RunningBuild: Sendable {
    public let process: ProcessMark
    private let path: String

    /// Makes this process visible in the workspaces of some episodes. What cannot be written is left out: builds go on without it.
    static func begin(_ places: [EpisodePlace]) -> [RunningBuild] {
        _ = all(in: places)
        return Set(places.map(\.stateDirectory)).sorted().compactMap { directory in
            let build = RunningBuild(process: .current, path: "\(directory)/running/\(getpid())")
            do throws(Diagnostic) {
                try StateFile.makeDirectory("\(directory)/running")
                try Files.replace(build.path, with: Array(build.process.text.utf8))
                return build
            } catch {
                return nil
            }
        }
    }

    func end() { unlink(path) }

    /// The builds that go on in the workspaces of some episodes. What a killed one has left is taken away.
    public static func all(in places: [EpisodePlace]) -> [RunningBuild] {
        Set(places.map(\.stateDirectory)).sorted().flatMap { directory in
            Directory.names("\(directory)/running").sorted().compactMap { name -> RunningBuild? in
                let path = "\(directory)/running/\(name)"
                guard let bytes = (try? Files.read(path)) ?? nil else { return nil }
                let build = RunningBuild(process: ProcessMark(text: String(decoding: bytes, as: UTF8.self)), path: path)
                if build.process.isAlive { return build }
                build.end()
                return nil
            }
        }
    }

    /// Has it cancel what runs.
    /// - Returns: false if it is another person's, or has ended.
    public func stop() -> Bool { process.number.map { kill($0, Self.signal) == 0 } ?? false }

    /// By which a build is asked to cancel what runs.
    public static let signal = SIGUSR1
}

/// Makes this process visible as soon as one of its builds has a plan, and until that has ended: one that finds all up to date writes
/// nothing.
public final class RunningMark: BuildObserver {
    private let places: [EpisodePlace]
    private var marks: [RunningBuild] = []
    /// Builds that have a plan and have not ended.
    private var builds: Set<BuildID> = []

    public init(_ places: [EpisodePlace]) { self.places = places }

    deinit { end() }

    public static func minds(_ kind: BuildEvent.Kind) -> Bool {
        switch kind {
        case .planned, .finished: true
        default: false
        }
    }

    public func observe(_ event: BuildEvent) {
        switch event.kind {
        case .planned:
            builds.insert(event.build)
            if marks.isEmpty { marks = RunningBuild.begin(places) }
        case .finished:
            builds.remove(event.build)
            if builds.isEmpty { end() }
        default: break
        }
    }

    private func end() {
        marks.forEach { $0.end() }
        marks = []
    }
}
