import EpCore
import EpHTTP
import EpOffline
import EpPlan
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import EpEngine
@testable import EpProviders

/// Services of a studio: a model that writes as the offline writer does, and voices. From some request on, all of them fail in one way.
private final class Studio: HTTPClient {
    enum Fault: CaseIterable {
        case unreachable, lost, overloaded, tooOften, empty, cutOff, refused, tooLong, money, key, unknownModel
    }

    private struct State {
        var fault: (kind: Fault, after: Int)?
        var failed = 0
        /// By what was asked, how often it was answered.
        var answered: [Digest: Int] = [:]
    }

    private let state = Mutex(State())

    var answered: [Digest: Int] { state.withLock(\.answered) }
    var failed: Int { state.withLock(\.failed) }

    /// - Parameter after: how many questions are answered before.
    func fail(_ kind: Fault, after: Int) { state.withLock { $0.fault = (kind, after) } }
    func heal() { state.withLock { $0.fault = nil } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        guard case .bytes(let bytes) = request.body, let json = Value(json: bytes) else { return Self.response(400, "{}") }
        let isVoice = request.url.hasSuffix("/speech")
        let fault = state.withLock { state -> Fault? in
            if let fault = state.fault, state.answered.count >= fault.after {
                state.failed += 1
                return fault.kind
            }
            state.answered[Digest(of: bytes), default: 0] += 1
            return nil
        }
        switch fault {
        case nil: return isVoice ? Self.spoken(json) : Self.written(json)
        case .unreachable: throw HTTPError(.unreachable, "connection refused")
        case .lost: throw HTTPError(.brokenOff, "reset")
        case .overloaded: return Self.response(503, "busy")
        case .tooOften: return Self.response(429, "{}")
        case .empty: return Self.response(200, isVoice ? "" : Self.choice("", "stop"))
        case .cutOff: return Self.response(200, isVoice ? "RIFF" : Self.choice("The be", "length"))
        case .refused: return Self.response(400, #"{"error":{"code":"content_policy_violation","message":"no"}}"#)
        case .tooLong: return Self.response(400, #"{"error":{"code":"context_length_exceeded","message":"no"}}"#)
        case .money: return Self.response(429, #"{"error":{"code":"insufficient_quota","message":"no"}}"#)
        case .key: return Self.response(401, #"{"error":{"code":"invalid_api_key","message":"no"}}"#)
        case .unknownModel: return Self.response(404, #"{"error":{"code":"model_not_found","message":"no"}}"#)
        }
    }

    private static func written(_ json: Value) -> HTTPResponse {
        let prompt = json.at("messages", "0", "content")?.string ?? ""
        return response(200, choice((try? OfflineWriter.write(prompt: prompt, take: 1)) ?? "", "stop"))
    }

    private static func choice(_ text: String, _ reason: String) -> String {
        let choice: Value = ["message": ["content": .string(text)], "finish_reason": .string(reason)]
        return Value.object([
            .init("model", "m"), .init("choices", [choice]), .init("usage", ["prompt_tokens": 10, "completion_tokens": 5]),
        ]).json()
    }

    /// A tone that swells and fades, as long as its text.
    private static func spoken(_ json: Value) -> HTTPResponse {
        let text = json["input"]?.string ?? ""
        let count = 8000 * max(4, text.count) / 14
        let samples = (0..<count).map { index -> Int16 in
            let time = Double(index) / 8000
            return Int16(9000 * sin(time * 2 * .pi * 200) * (0.6 + 0.4 * sin(time * 2 * .pi * 3)))
        }
        func word<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] { withUnsafeBytes(of: word.littleEndian) { Array($0) } }
        let header =
            Array("RIFF".utf8) + word(UInt32(36 + count * 2)) + Array("WAVEfmt ".utf8) + word(UInt32(16)) + word(UInt16(1))
            + word(UInt16(1))
        let format =
            word(UInt32(8000)) + word(UInt32(16_000)) + word(UInt16(2)) + word(UInt16(16)) + Array("data".utf8) + word(UInt32(count * 2))
        return HTTPResponse(HTTPHead(status: 200, headers: []), body: .bytes(header + format + samples.flatMap { word($0) }), errorBody: [])
    }

    private static func response(_ status: Int, _ body: String) -> HTTPResponse {
        let isWanted = status == 200, bytes = Array(body.utf8)
        let headers: HTTPHeaders = body.hasPrefix("{") ? ["Content-Type": "application/json"] : []
        return HTTPResponse(
            HTTPHead(status: status, headers: headers), body: .bytes(isWanted ? bytes : []), errorBody: isWanted ? [] : bytes)
    }
}

/// A whole podcast whose services fail somewhere in the midst, in every way.
@Suite(.serialized) struct RecoveryTests {
    /// The shipped show, written and spoken by services; a new process each time that it is asked for.
    private func machines(_ studio: Studio, like other: TwoMachines? = nil) throws -> TwoMachines {
        let services = Services(client: studio, secrets: Secrets { _ in "sk-secret" })
        let machines = try TwoMachines(models: [], more: [OpenAIModel()], voices: [OpenAIVoice()], services: services, at: other?.path)
        guard other == nil else { return machines }
        let show = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Episodes/olivers-workshop").standardized
            .path()
        for name in ["pipeline.yaml"] + ["ideation", "outlining", "segment", "script"].map({ "prompts/\($0).md" }) {
            try machines.write(String(contentsOfFile: "\(show)/\(name)", encoding: .utf8), to: "w/show/\(name)")
        }
        let blueprint = try String(contentsOfFile: "\(show)/show.yaml", encoding: .utf8)
        try machines.write(blueprint.replacing(/voice:(\n {6}- \{.*\})+/, with: "voice: { voice: nova }"), to: "w/show/show.yaml")
        let episode = "\(show)/ep001-how-rockets-work"
        for name in ["episode.yaml", "sources/01-how-rockets-work.md", "sources/02-balloon-rocket.md"] {
            try machines.write(String(contentsOfFile: "\(episode)/\(name)", encoding: .utf8), to: "w/show/ep/\(name)")
        }
        try machines.providers("""
            w: { tool: llm, use: openai, model: m, attempts: 2, base_delay_seconds: 0, limit: 4 }, v: { tool: tts, use: openai, model: m, attempts: 2, base_delay_seconds: 0, limit: 4 }
            """)
        return machines
    }

    private func delivered(_ machines: TwoMachines) throws -> [String: Digest] {
        let out = "\(machines.path)/w/show/ep/out"
        let names = try FileManager.default.contentsOfDirectory(atPath: out).filter { !$0.hasPrefix(".") }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, Digest(of: machines.bytes("out/\($0)") ?? [])) })
    }

    /// Whatever fails, and wherever: once it is well, the same command makes the same episode, and asks for nothing again that was
    /// answered.
    @Test func aFailureOfEachKindAnywhereIsRecoveredFrom() async throws {
        let undisturbed = Studio(), reference = try machines(undisturbed)
        let first = try await reference.build()
        #expect(first.outcome == .built, "\(first.failures)")
        let (wanted, total) = (try delivered(reference), undisturbed.answered.count)
        #expect(wanted.count > 5 && total > 20 && undisturbed.answered.values.allSatisfy { $0 == 1 })

        // The first questions are the stages before the voices, one by one; then come the lines.
        let trials = Studio.Fault.allCases.flatMap { fault in (0...6).map { (fault, $0 < 6 ? $0 : Int.random(in: 6..<total)) } }
        let count = ProcessInfo.processInfo.environment["EPBUILD_TEST_RECOVERIES"].flatMap { Int($0) } ?? 3
        for (fault, after) in trials.shuffled().prefix(count) {
            let studio = Studio(), machines = try machines(studio)
            studio.fail(fault, after: after)
            let broken = try await machines.build()
            let context = Comment("\(fault) after \(after) of \(total): \(broken.failures.prefix(2))")
            #expect(!broken.failures.isEmpty && studio.failed > 0 && studio.answered.count == after, context)
            #expect(broken.failures.allSatisfy { $0.problem.code != .system && $0.problem.remedy != nil }, context)
            studio.heal()
            let again = try await self.machines(studio, like: machines).build()
            #expect(again.outcome == .built && studio.answered.count == total, context)
            #expect(studio.answered.values.allSatisfy { $0 == 1 }, context)
            #expect(try delivered(machines) == wanted, context)
        }
    }
}
