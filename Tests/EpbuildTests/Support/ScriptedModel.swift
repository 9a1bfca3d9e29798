import EpTesting
import Synchronization

/// A model that answers with its question, as long as nobody says otherwise, and counts.
final class ScriptedModel: Sendable {
    /// That tests give it, and that is to be found nowhere.
    static let key = "sk-very-secret-4711"

    let server: ScriptedServer
    private let asked: Counter

    /// Questions by their texts.
    private final class Counter: Sendable {
        let counts = Mutex<[String: Int]>([:])
    }

    /// - Parameter answer: the whole response to a question that was asked so many times before; nil: the usual one.
    init(_ answer: @escaping @Sendable (String, Int) -> [UInt8]? = { _, _ in nil }) throws {
        let asked = Counter()
        self.asked = asked
        server = try ScriptedServer { request in
            let body = String(decoding: request.body, as: UTF8.self)
            let text = body.firstMatch(of: /"content":"([^"]*)"/).map { String($0.output.1) } ?? ""
            let before = asked.counts.withLock { counts in
                defer { counts[text, default: 0] += 1 }
                return counts[text, default: 0]
            }
            return answer(text, before) ?? Self.answer("You said: \(text)")
        }
    }

    deinit { server.stop() }

    static func answer(_ text: String, finish: String = "stop") -> [UInt8] {
        let usage = "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}"
        return ScriptedServer.response(
            200, Array("{\"choices\":[{\"message\":{\"content\":\"\(text)\"},\"finish_reason\":\"\(finish)\"}],\(usage)}".utf8))
    }

    static func error(_ status: Int, _ code: String) -> [UInt8] {
        ScriptedServer.response(status, Array("{\"error\":{\"message\":\"no \(key)\",\"code\":\"\(code)\"}}".utf8))
    }

    /// To be a provider's `base_url`.
    var url: String { "http://127.0.0.1:\(server.port)/v1" }
    var counts: [String: Int] { asked.counts.withLock(\.self) }
    var total: Int { counts.values.reduce(0, +) }
}
