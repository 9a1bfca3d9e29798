public import EpCore
import EpDelivery
public import EpPlan

/// A vendor that makes a picture of a description, and is asked over HTTP: two pure functions, from a question to a request, and from a
/// reply to a picture.
public protocol ImageVendor: RemoteVendor {
    /// Part of every address: another revision may draw otherwise.
    var revision: String { get }
    /// The settings that shape a picture, beside `model`.
    var shaping: [RemoteSetting] { get }

    func request(_ question: ImageQuestion) -> RemoteRequest
    /// - Throws: `ProviderFailure` if the reply has no picture in it.
    func read(_ reply: Reply) throws(ProviderFailure) -> [UInt8]
    /// As a reply tells it; nil: it does not.
    func usage(_ reply: Value) -> Usage?
}

/// A picture that is asked for.
public struct ImageQuestion: Sendable {
    public let prompt: String
    /// Which rendition is asked for, from 1.
    public let take: Int
    /// As `ImageVendor.settings` has made them.
    public let settings: Value

    public init(_ prompt: String, take: Int = 1, settings: Value) { (self.prompt, self.take, self.settings) = (prompt, take, settings) }

    var model: String { settings["model"]?.letters ?? "" }
}

/// A picture, and who has made it.
public struct DrawnImage: Sendable, Equatable {
    /// A PNG or JPEG file.
    public let bytes: [UInt8]
    public let servedBy: String
    public let cost: Cost
    public let usage: [String: Int64]
}

extension ImageVendor {
    public var revision: String { "1" }

    public func check(_ provider: inout Fields) {
        checkRemote(&provider)
        expectModel(&provider)
        checkSettings(&provider)
    }

    public func checkSettings(_ fields: inout Fields) {
        _ = fields.text("model")
        for setting in shaping { setting.check(&fields) }
    }

    /// All that shapes a picture beside its description, for the address.
    /// - Parameter stage: the stage's `settings:`, which go before the provider's.
    public func settings(of provider: ProviderConfiguration?, _ stage: Value?) -> Value {
        var members: [Value.Member] = [
            .init("vendor", .string(name)), .init("service", .string(RemoteProvider.service(provider, of: self))),
        ]
        for key in ["model"] + shaping.map(\.key) {
            if let value = stage?[key] ?? provider?.settings[key], value != .null { members.append(.init(key, value.sorted)) }
        }
        return Value.object(members).sorted
    }

    /// What a picture asks of the service, and costs at most: the largest has some 17,000 tokens.
    public func call(_ question: ImageQuestion, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String) -> ProviderCall {
        let place = (try? RemoteProvider(provider, of: self))?.place ?? .elsewhere
        let price = prices.price(of: question.model, [name] + aliases, on: day, at: place)
        let most = price?.unit == .tokens ? Usage(input: Int64(question.prompt.utf8.count) + 64, output: 17_000) : Usage(input: 1)
        let expected = price.flatMap { price -> ExpectedCost? in
            if price == .free { return nil }
            let isCounted = price.unit != .tokens
            return ExpectedCost(
                price, asking: isCounted ? 1 : 16 + TokenCount.of(question.prompt), isExact: isCounted,
                mostAnswer: isCounted ? 0 : most.output)
        }
        return ProviderCall(atMost: price?.cost(of: most), isLocal: place == .local, expected: expected)
    }

    /// - Throws: `StepFailure`, `StepWithdrawn` or `CancellationError`.
    public func draw(_ question: ImageQuestion, _ serving: Serving) async throws -> DrawnImage {
        let provider = try RemoteProvider(serving.configuration, of: self, retry: serving.retry)
        let price = serving.prices.price(of: question.model, [name] + aliases, on: serving.services.day, at: provider.place)
        let asking = Asking(
            services: serving.services, vendor: self, provider: provider, model: question.model, call: serving.call, door: serving.door,
            isPatient: serving.isPatient)
        let place = provider.place == .elsewhere ? " at \(provider.endpoint.service)" : ""
        return try await asking.ask({ _ in self.request(question) }, size: Double(question.prompt.utf8.count) / 4) {
            reply throws(ProviderFailure) in
            let usage = reply.json.flatMap(self.usage) ?? Usage(input: price?.unit == .tokens ? 0 : 1)
            let cost = price?.cost(of: usage) ?? .unknown
            do throws(ProviderFailure) {
                let bytes = try PictureCheck.checked(self.read(reply))
                let picture = DrawnImage(
                    bytes: bytes, servedBy: "\(self.name) \(question.model)\(place)", cost: cost,
                    usage: usage.counts(of: price?.unit ?? .images))
                return (picture, cost)
            } catch {
                var failure = error
                failure.cost = cost
                throw failure
            }
        }
    }
}

/// Whether bytes are a picture that everything can show.
enum PictureCheck {
    static func checked(_ bytes: [UInt8]) throws(ProviderFailure) -> [UInt8] {
        guard !bytes.isEmpty else { throw ProviderFailure(.badAnswer, "its picture is empty") }
        guard let header = PictureHeader(bytes), header.width > 0, header.height > 0 else {
            let kind = CoverImage.kind(of: bytes).map { "is \($0), or damaged" } ?? "is no picture"
            throw ProviderFailure(.badAnswer, "what it has sent \(kind): it must be PNG or JPEG")
        }
        // Both say where they end.
        let end: [UInt8] = header.format == .png ? Array("IEND".utf8) : [0xFF, 0xD9]
        guard bytes.suffix(64).contains(end) else { throw ProviderFailure(.badAnswer, "its picture is cut short") }
        return bytes
    }
}

extension ArraySlice<UInt8> {
    fileprivate func contains(_ part: [UInt8]) -> Bool { indices.contains { self[$0...].starts(with: part) } }
}
