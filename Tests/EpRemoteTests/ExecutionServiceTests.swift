import EpCore
import EpFiles
import EpHTTP
import EpRemote
import EpTesting
import FoundationEssentials
import Synchronization
import Testing

/// Against a real buildbox-casd, which runs programs in sandboxes.
@Suite struct ExecutionServiceTests {
    private static let text = Array("hello\n".utf8)
    private let directory = TemporaryDirectory()

    private func order(
        _ script: String, isFresh: Bool = false, _ inputs: [String: [UInt8]] = ["a.txt": text], outputs: [String] = ["out.txt"]
    ) -> ExecutionService.Order {
        let tree = InputTree(inputs.map { InputTree.Entry(label: $0.key, digest: Digest(of: $0.value)) })
        let action = Action(arguments: ["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"], outputs: outputs, inputs: tree)
        return ExecutionService.Order(action.encodedForExecution(isKept: true), files: tree.entries.map(\.digest), isFresh: isFresh)
    }

    private struct Run {
        let outcome: ExecutionOutcome
        let stages: [ExecutionProgress.Stage]
        let sent: Int
    }

    private func run(_ order: ExecutionService.Order, on service: ExecutionService, _ contents: [[UInt8]] = [text]) async throws -> Run {
        let (stages, sent) = (Recorder<ExecutionProgress.Stage>(), Recorder<Digest>())
        let scratch = directory("scratch \(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let outcome = try await service.execute(
            order, in: scratch,
            provide: { blob in
                sent.add(blob)
                let path = "\(scratch)/\(UUID().uuidString)"
                try Files.create(path, with: try #require(contents.first { Digest(of: $0) == blob }), mode: 0o644)
                return .init(path, isCopy: true)
            }, tell: { stages.add($0.stage) })
        return Run(outcome: outcome, stages: stages.all, sent: sent.all.count)
    }

    private func withCluster(
        _ client: any HTTPClient = PatientClient(), patience: Duration = .seconds(60), _ body: (ExecutionService, Peer) async throws -> Void
    ) async throws {
        let home = directory("casd")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        guard let peer = await Peer.start(Peer.casd(in: home)) else { return }
        defer { peer.stop() }
        try await body(try Self.service(peer.port, client, patience: patience), peer)
    }

    private static func service(_ port: UInt16, _ client: any HTTPClient, patience: Duration = .seconds(60)) throws -> ExecutionService {
        try ExecutionService(RemoteAddress("grpc://127.0.0.1:\(port)", relativeTo: "/"), client: client, patience: patience)
    }

    @Test func aProgramRunsAndItsOutputsAreFetched() async throws {
        try await withCluster { service, _ in
            let order = order(
                "cat a.txt a.txt > out.txt; mkdir -p d/e f; echo 1 > d/e/x; chmod +x d/e/x; ln -s x d/e/y; mkdir d/none; echo said >&2",
                outputs: ["out.txt", "d/"])
            let run = try await run(order, on: service)
            let made = try #require(run.outcome.files.first { $0.path == "out.txt" })
            #expect(made.digest == Digest(of: Self.text + Self.text))
            #expect(try await service.fetch(made.digest, to: directory("made")))
            #expect(try contents(directory("made")) == Self.text + Self.text)
            #expect(run.outcome.files.first { $0.path == "d/e/x" }?.isExecutable == true)
            #expect(run.outcome.links == ["d/e/y"] && run.outcome.emptyDirectories == ["d/none"])
            #expect(String(decoding: run.outcome.errors, as: UTF8.self) == "said\n")
            #expect(run.outcome.exitStatus == 0 && run.sent == 1)
            // What is there is not sent again, and what was made is not made again.
            let again = try await self.run(order, on: service)
            #expect(again.outcome.isCached && again.sent == 0)
            #expect(try await !self.run(self.order("cat a.txt > out.txt", isFresh: true), on: service).outcome.isCached)
        }
    }

    @Test func aFailureIsNoTroubleAndNeverCached() async throws {
        try await withCluster { service, _ in
            for _ in 1...2 {
                let outcome = try await run(order("echo broken >&2; exit 3"), on: service).outcome
                #expect(outcome.exitStatus == 3 && !outcome.isCached)
                #expect(String(decoding: outcome.errors, as: UTF8.self) == "broken\n")
            }
        }
    }

    @Test func aBrokenStreamIsListenedToAgain() async throws {
        let client = MeddlingClient("Execute") { $0 == 1 ? .breaksOff : .none }
        try await withCluster(client) { service, _ in
            let outcome = try await run(order("sleep 2; cat a.txt > out.txt"), on: service).outcome
            #expect(outcome.files.map(\.digest) == [Digest(of: Self.text)])
            #expect(client.count(of: "WaitExecution") >= 1)
            #expect(client.count(of: "Execute") == 1)
        }
    }

    /// The other end of a silent stream may be gone; a slow program is no reason to begin again.
    @Test func aSilentStreamIsOpenedAgain() async throws {
        let client = MeddlingClient("Execute") { _ in .none }
        try await withCluster(client, patience: .seconds(1)) { service, _ in
            let outcome = try await run(order("sleep 14; cat a.txt > out.txt"), on: service).outcome
            #expect(outcome.files.map(\.digest) == [Digest(of: Self.text)])
            #expect(client.count(of: "WaitExecution") >= 1)
            #expect(client.count(of: "Execute") == 1)
        }
    }

    /// The cluster loses an input between the question what is missing and the execution.
    @Test func anEvictedInputIsSentAgain() async throws {
        let objects = directory("casd/cas/objects")
        let client = MeddlingClient("Execute") { number in
            guard number == 1 else { return .none }
            return .after {
                try? FileManager.default.removeItem(
                    atPath: "\(objects)/\(Digest(of: Self.text).hex.prefix(2))/\(Digest(of: Self.text).hex.dropFirst(2))")
            }
        }
        try await withCluster(client) { service, _ in
            let run = try await run(order("cat a.txt > out.txt"), on: service)
            #expect(run.outcome.files.map(\.digest) == [Digest(of: Self.text)])
            #expect(run.sent == 2 && client.count(of: "Execute") == 2)
        }
    }

    @Test func aLostWorkerIsReplaced() async throws {
        try await withCluster { service, peer in
            async let killed: Bool = {
                for _ in 0..<200 {
                    if peer.stopChildren() { return true }
                    try await Task.sleep(for: .milliseconds(20))
                }
                return false
            }()
            let run = try await run(order("sleep 1; cat a.txt > out.txt"), on: service)
            #expect(run.outcome.files.map(\.digest) == [Digest(of: Self.text)])
            #expect(try await killed)
        }
    }

    @Test func aClusterThatIsStartedAnewGoesOn() async throws {
        let home = directory("casd")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        guard let first = await Peer.start(Peer.casd(in: home)) else { return }
        let service = try Self.service(first.port, PatientClient())
        async let run = run(order("sleep 2; cat a.txt > out.txt"), on: service)
        try await Task.sleep(for: .milliseconds(1200))
        first.stop()
        let second = await Peer.start(Peer.casd(in: home), port: first.port)
        defer { second?.stop() }
        #expect(try await run.outcome.files.map(\.digest) == [Digest(of: Self.text)])
    }

    @Test func aClusterThatIsAwayIsTold() async throws {
        let service = try Self.service(try ScriptedServer.freePort(), CurlClient(connections: 2))
        await #expect { try await run(order("true"), on: service) } throws: { ($0 as? ExecutionTrouble)?.kind == .unreachable }
    }

    /// What nobody waits for any more ends.
    @Test func whoeverIsCancelledEndsTheProgram() async throws {
        try await withCluster { service, peer in
            let task = Task { try await run(order("sleep 60"), on: service) }
            try await Task.sleep(for: .seconds(1))
            task.cancel()
            let start = ContinuousClock.now
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }
}

private final class Recorder<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    var all: [Element] { elements.withLock { $0 } }
    func add(_ element: Element) { elements.withLock { $0.append(element) } }
}
