import EpCore
import EpHTTP
import EpPlan
import Testing

@testable import EpProviders

/// What every vendor must hold that is asked over HTTP, whatever it can do.
@Suite struct ServiceConformanceTests {
    /// The table of classes: by the status alone, as a proxy or a server in trouble answers.
    static let statuses: [(status: Int, codes: Set<Diagnostic.Code>)] = [
        (400, [.actionFailed]), (401, [.keyRejected]), (402, [.spendLimit]), (403, [.actionFailed, .keyRejected]), (404, [.actionFailed]),
        (408, [.providerFailed]), (413, [.tooLong]), (425, [.providerFailed]), (429, [.providerFailed]), (500, [.providerFailed]),
        (502, [.providerFailed]), (503, [.providerFailed]), (504, [.providerFailed]), (529, [.providerFailed]),
    ]

    @Test(arguments: ServiceSeam.all) func anErrorIsOfItsClassWhateverItsBody(_ seam: ServiceSeam) async throws {
        let bodies = [("", "text/plain"), ("<html><body>no</body></html>", "text/html"), ("{}", "application/json"), ("[]", "application/json")]
        for (status, codes) in Self.statuses {
            for (body, type) in bodies {
                let failure = try #require(try await seam.failure(status, body, type: type), "\(status) is no answer")
                #expect(codes.contains(failure.code), "\(status) \(body): \(failure.code) \(failure.message)")
                #expect(failure.message.hasPrefix(seam.vendor.name), "who has failed is said: \(failure.message)")
            }
        }
    }

    /// Of what stands in a 200, nothing is taken for an answer that is none.
    @Test(arguments: ServiceSeam.all) func whatIsNoAnswerIsNotTakenForOne(_ seam: ServiceSeam) async throws {
        let bodies = [
            "", "null", "0", "\"\"", "{}", "[]", "[[]]", "{\"choices\":null}", "{\"choices\":[{\"message\":{\"content\":[1,{}]}}]}",
            "{\"content\":[{\"type\":\"text\",\"text\":7}]}", "{\"candidates\":[{\"content\":{\"parts\":{}}}]}", "{\"data\":[{\"b64_json\":\"\"}]}",
            "{\"data\":[{\"b64_json\":\"!!!\"}]}", "{\"audio_base64\":\"\"}", "{\"audio_base64\":7}", "{\"text\":{}}", "{\"text\":null}",
            "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}", "{\"error\":\"no\"}", "{\"choices\":[{\"mess",
            "<html>Please log in</html>", "data: [DONE]\n\n", "event: error\ndata: {}\n\n",
        ]
        for body in bodies {
            let type = body.hasPrefix("<") ? "text/html" : body.hasPrefix("data:") ? "text/event-stream" : "application/json"
            #expect(try await seam.failure(200, body, type: type) != nil, "\(body) is an answer")
        }
    }

    /// Whatever a server sends, it is an answer or an error, and never the end of the program.
    @Test(arguments: ServiceSeam.all) func chanceIsNoAnswer(_ seam: ServiceSeam) async throws {
        var chance = SplitMix(seed: 7)
        for _ in 0..<60 {
            let body = chance.json(depth: 4)
            if let failure = try await seam.failure(200, body) { #expect(!failure.message.isEmpty) } else { #expect(body.contains("text")) }
        }
    }

    @Test(arguments: ServiceSeam.all) func aKeyStandsInAHeaderAlone(_ seam: ServiceSeam) throws {
        let fields = seam.vendor.authorization("sk-secret")
        #expect(fields.contains { $0.value.contains("sk-secret") })
        let provider = try seam.provider(", api_key_env: KEY")
        let request = seam.request(seam.settings(provider), 1)
        let sent = String(decoding: request.content.bytes, as: UTF8.self) + request.path + "\(request.headers)"
        #expect(!sent.contains("KEY") && !seam.settings(provider).json().contains("KEY"), "a key and its name shape nothing")
    }

    @Test(arguments: ServiceSeam.all) func theSameQuestionIsTheSameRequest(_ seam: ServiceSeam) throws {
        let settings = seam.settings(try seam.provider())
        let (one, other) = (seam.request(settings, 1), seam.request(settings, 1))
        #expect(one.content.bytes == other.content.bytes && one.content.type == other.content.type && one.path == other.path)
        #expect(!one.path.hasPrefix("/") && !one.path.contains(" ") && !one.path.contains("//"), "\(one.path)")
    }

    /// What only decides how it is asked is in no address: another limit makes nothing anew.
    @Test(arguments: ServiceSeam.all) func whatShapesNothingIsInNoAddress(_ seam: ServiceSeam) throws {
        let other = try seam.provider(", limit: 3, requests_per_minute: 7, tokens_per_minute: 900, timeout_seconds: 5")
        #expect(seam.settings(other) == seam.settings(try seam.provider()))
        #expect(seam.settings(try seam.provider().renamed) == seam.settings(try seam.provider()))
    }

    /// A setting that a person may write is sent, and stands in the address; one that nobody has written is not sent.
    @Test(arguments: ServiceSeam.all) func eachSettingIsSentWhereItIsWritten(_ seam: ServiceSeam) throws {
        let plain = seam.settings(try seam.provider())
        for setting in seam.shaping {
            let value = try #require(Self.values.first { Self.takes(setting, $0) }, "no value for \(setting.key)")
            let written = seam.settings(try seam.provider(", \(setting.key): \(value)"))
            #expect(written != plain && plain[setting.key] == nil || setting.key == "max_tokens", "\(setting.key) shapes the address")
            let (with, without) = (seam.request(written, 1), seam.request(plain, 1))
            #expect(
                with.content.bytes != without.content.bytes || with.path != without.path || "\(with.headers)" != "\(without.headers)",
                "\(setting.key): \(value) is sent")
        }
    }

    private static let values = [
        "0.5", "2", "600", "true", "[x]", "low", "high", "auto", "standard", "1K", "1024x1024", "\"16:9\"", "png", "word", "responses", "on",
        "natural", "2023-06-01", "enabled", "2048", "x",
    ]

    private static func takes(_ setting: RemoteSetting, _ value: String) -> Bool {
        guard let node = try? Node(parsing: Array("\(setting.key): \(value)".utf8), file: "x"), var fields = try? Fields(node, subject: "x")
        else { return false }
        setting.check(&fields)
        return fields.problems.isEmpty
    }
}

extension ProviderConfiguration {
    /// The same service under another name.
    fileprivate var renamed: ProviderConfiguration {
        get throws { try Scene.provider("use: \(use), model: m, attempts: 1\(baseURL)", tool: tool, named: "theirs") }
    }

    private var baseURL: String { settings["base_url"]?.string.map { ", base_url: \($0)" } ?? "" }
}

/// Chance that comes back.
private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }

    private static let keys = [
        "choices", "message", "content", "text", "candidates", "parts", "error", "usage", "output", "data", "b64_json", "words", "type",
        "finish_reason", "finishReason", "audio_base64", "status", "inlineData", "start", "end", "code",
    ]
    private static let scalars = ["null", "true", "-1", "1e308", "0.5", "\"\"", "\"text\"", "\"stop\"", "\"STOP\"", "18446744073709551616"]

    /// A value made of the keys that vendors look for.
    mutating func json(depth: Int) -> String {
        switch depth > 0 ? next(3) : 2 {
        case 0: return "{" + (0..<next(5)).map { _ in "\"\(Self.keys[next(Self.keys.count)])\":\(json(depth: depth - 1))" }.joined(separator: ",") + "}"
        case 1: return "[" + (0..<next(4)).map { _ in json(depth: depth - 1) }.joined(separator: ",") + "]"
        default: return Self.scalars[next(Self.scalars.count)]
        }
    }
}
