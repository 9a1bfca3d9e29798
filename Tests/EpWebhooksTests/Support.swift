import EpCore
import EpFiles
import EpHTTP
import EpPlan
import FoundationEssentials
import Synchronization

@testable import EpEngine
@testable import EpWebhooks

/// A workspace with webhooks, a receiver that answers as it is told, and a clock that stands still.
final class Post: HTTPClient {
    struct Sent: Sendable, Equatable {
        let url: String
        let headers: HTTPHeaders
        let body: [UInt8]

        var id: String { headers["webhook-id"] ?? "" }
    }

    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    let directory = "\(FileManager.default.temporaryDirectory.path())/epwebhooks-\(UInt64.random(in: 0 ... .max))"
    private let answer: @Sendable (Sent) -> Int
    private let seen = Mutex<[Sent]>([])
    private let told = Mutex<[String]>([])
    private let time = Mutex(Moment(seconds: 1_800_000_000))

    /// - Parameter answer: the status of an answer.
    init(_ configuration: String, answer: @escaping @Sendable (Sent) -> Int = { _ in 200 }) throws {
        self.answer = answer
        try Files.makeDirectory("\(directory)/show/ep")
        try Files.replace("\(directory)/epbuild.yaml", with: Array(configuration.utf8))
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var sent: [Sent] { seen.withLock(\.self) }
    var warnings: [String] { told.withLock(\.self) }
    func pass(seconds: Double) { time.withLock { $0 = $0.adding(seconds: seconds) } }

    /// What is kept.
    var kept: [String] { Directory.names("\(directory)/.epbuild/webhooks").sorted() }

    var place: EpisodePlace {
        EpisodePlace(directory: "\(directory)/show/ep", show: "\(directory)/show", workspace: directory, isShow: false)
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        guard case .bytes(let body) = request.body else { throw HTTPError(.refused, "no body") }
        let sent = Sent(url: request.url, headers: request.headers, body: body)
        seen.withLock { $0.append(sent) }
        let status = answer(sent)
        if status == 0 { throw HTTPError(.unreachable, "nobody is there") }
        return HTTPResponse(HTTPHead(status: status))
    }

    /// What a process sends with; waits between tries are over at once, so often as is said, and then last for ever.
    func hooks(isOffline: Bool = false, waits: Int = 0, secret: String? = Post.secret) -> Webhooks {
        let left = Mutex(waits)
        let surroundings = Surroundings(clock: WallClock { [self] in time.withLock(\.self) }, random: { 7 }) { duration in
            guard duration != Webhooks.patience,
                left.withLock({ left in
                    left -= 1
                    return left >= 0
                })
            else { return try await Task.sleep(for: .seconds(10_000)) }
        }
        return Webhooks(client: self, secret: { _, _ in secret }, isOffline: isOffline, surroundings: surroundings) { [self] problem in
            told.withLock { $0.append(problem.message) }
        }
    }

    private static let number = Mutex(0)

    /// The events of one build.
    func tell(_ hooks: Webhooks, _ kinds: BuildEvent.Kind...) {
        let random = Self.number.withLock { number in
            number += 1
            return UInt64(number)
        }
        let surroundings = Surroundings(clock: WallClock { [self] in time.withLock(\.self) }, random: { random })
        let observer = WebhookObserver(hooks, place, subject: "show/ep")
        let build = BuildID(surroundings)
        for (number, kind) in kinds.enumerated() {
            observer.observe(
                BuildEvent(build: build, sequence: number + 1, time: time.withLock(\.self), episode: place.directory, kind: kind))
        }
    }

    static let start = BuildEvent.Kind.started(BuildEvent.BuildStart())

    static func report(_ outcome: BuildReport.Outcome) -> BuildEvent.Kind {
        var report = BuildReport(episode: "show/ep")
        report.outcome = outcome
        return .finished(report)
    }
}

extension BuildEvent {
    static func example(of place: EpisodePlace) -> BuildEvent {
        let surroundings = Surroundings(clock: WallClock { Moment(seconds: 1_800_000_000) }, random: { 7 })
        return BuildEvent(
            build: BuildID(surroundings), sequence: 1, time: Moment(seconds: 1_800_000_000), episode: place.directory,
            kind: Post.report(.failed))
    }
}
