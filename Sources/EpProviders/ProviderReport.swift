public import EpCore
public import EpPlan
import EpSound

/// One provider of a workspace, as it is configured: who it is, where, whether its key is there, and what is known of its price.
public struct ProviderReport: Sendable {
    public let name: String
    public let tool: String
    public let vendor: String
    public let model: String
    /// `local` for this machine; "" for a program or what is part of epbuild.
    public let service: String
    /// The variable that has its key; nil: it wants none.
    public let keyVariable: String?
    public let hasKey: Bool
    /// For people: `$0.10 in, $0.50 out a million tokens`, `free`, `unknown`.
    public let price: String
    /// The day on which its vendor ends the model, as far as that is known: `2027-01-06`.
    public var shutdown: String?
    /// Where it is asked.
    var url = ""
    /// How long it is left alone yet after failures, in seconds; infinite if that is until the configuration changes; nil if it may be
    /// asked.
    public var restSeconds: Double?

    public var value: Value {
        .object([
            .init("name", .string(name)), .init("tool", .string(tool)), .init("vendor", .string(vendor)), .init("model", .string(model)),
            .init("service", .string(service)),
            .init("keyVariable", keyVariable.map(Value.string) ?? .null), .init("hasKey", .bool(hasKey)), .init("price", .string(price)),
            .init("shutdown", shutdown.map(Value.string) ?? .null),
        ])
    }
}

extension Vendors {
    /// The providers of a workspace, in the order in which they are written.
    public func reports(on workspace: Workspace, _ services: Services) -> [ProviderReport] {
        workspace.providers.map { provider in
            let vendor = vendor(of: provider)
            let usual = (vendor as? any RemoteVoiceVendor)?.usualModel ?? (vendor as? any RemoteTranscriberVendor)?.usualModel ?? ""
            let model = provider.settings["model"]?.letters ?? usual
            func hasKey(_ variable: String?) -> Bool {
                variable.map { ((try? services.secrets.value(of: $0, in: provider.directory)) ?? nil) != nil } ?? true
            }
            guard let remote = vendor as? any RemoteVendor, let known = try? RemoteProvider(provider, of: remote) else {
                let named = provider.settings["api_key_env"]?.string
                return ProviderReport(
                    name: provider.name, tool: provider.tool, vendor: provider.use, model: model, service: "", keyVariable: named,
                    hasKey: hasKey(named), price: "free")
            }
            let price = PriceTable(workspace.prices).price(of: model, [remote.name] + remote.aliases, on: services.day, at: known.place)
            return ProviderReport(
                name: provider.name, tool: provider.tool, vendor: remote.name, model: model, service: known.endpoint.service,
                keyVariable: known.keyVariable, hasKey: hasKey(known.keyVariable),
                price: price.map(\.shown) ?? "unknown",
                shutdown: ShutdownTable.day(of: model, [remote.name] + remote.aliases, at: known.place), url: known.endpoint.url,
                restSeconds: services.seconds(leftAlone: known.endpoint.url, model: model))
        }
    }

    /// Asks a provider one smallest question.
    /// - Parameter door: by which the call is written down.
    /// - Returns: who served, and what it has cost.
    /// - Throws: `StepFailure` with what is wrong.
    public func test(
        _ provider: ProviderConfiguration, _ services: Services, door: any CallDoor
    ) async throws -> (servedBy: String, cost: Cost)? {
        let (prices, day) = (PriceTable(provider.prices), services.day)
        func serving(_ call: ProviderCall?) -> Serving { Serving(provider, services, call: call, door: door, isPatient: false) }
        switch vendor(of: provider) {
        case let vendor as any RemoteModelVendor:
            let question = ModelQuestion("Say OK.", settings: vendor.settings(of: provider, ["max_tokens": 256]))
            let answer = try await vendor.answer(question, serving(vendor.call(question, by: provider, prices, on: day)))
            return (answer.servedBy, answer.cost)
        case let vendor as any RemoteVoiceVendor:
            let line = SpokenLine("This is a test.", settings: vendor.settings(of: provider, [:], Manner("", [:])))
            let spoken = try await vendor.speak(line, serving(vendor.call(line, by: provider, prices, on: day)))
            return (spoken.servedBy, spoken.cost)
        case let vendor as any RemoteTranscriberVendor:
            let recording = SpeechRecording(
                wav: Silence.wav(seconds: 1), seconds: 1, settings: vendor.settings(of: provider, language: nil))
            let heard = try await vendor.transcribe(recording, serving(vendor.call(recording, by: provider, prices, on: day)), NoPrograms())
            return (heard.servedBy, heard.cost)
        case let vendor as any ImageVendor:
            let question = ImageQuestion("A red circle.", settings: vendor.settings(of: provider, nil))
            let picture = try await vendor.draw(question, serving(vendor.call(question, by: provider, prices, on: day)))
            return (picture.servedBy, picture.cost)
        default: return nil
        }
    }
}

extension Price {
    fileprivate var shown: String {
        if input == 0, output == 0 { return "free" }
        let amount = { (usd: Double) in Value.double((usd * 10_000).rounded() / 10_000).json() }
        return "$\(amount(input)) in" + (output == 0 ? "" : ", $\(amount(output)) out") + " a million \(unit.rawValue)"
    }
}
