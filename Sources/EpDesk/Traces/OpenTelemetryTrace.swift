import EpCore
import EpEngine
import EpFiles
import EpPlan

/// Builds as OTLP has them in JSON: a trace each, with a span for each action and for each time that a service was asked.
///
/// The form: OpenTelemetry Protocol, `ExportTraceServiceRequest`; names of attributes: its conventions for generative AI.
struct OpenTelemetryTrace: TraceForm {
    func value(_ builds: [Timeline]) -> Value {
        ["resourceSpans": .list(builds.map { build in
            [
                "resource": ["attributes": .list([Attribute("service.name", "epbuild").value])],
                "scopeSpans": .list([["scope": ["name": "epbuild"], "spans": .list(spans(of: build))]]),
            ]
        })]
    }

    private func spans(of build: Timeline) -> [Value] {
        let text = build.build?.text ?? ""
        let trace = Trace(id: Self.identity(text, digits: 32), build: text)
        let root = trace.span(
            "build", parent: nil, "build \(build.episode)", .internal, build.started, build.ended, [
                Attribute("gen_ai.operation.name", "invoke_workflow"), Attribute("gen_ai.workflow.name", build.episode),
                Attribute("epbuild.build", text), Attribute("epbuild.outcome", build.report?.outcome.rawValue ?? "unfinished"),
            ], error: build.report?.failures.first.map { $0.diagnostic })
        return [root] + build.runs.enumerated().flatMap { number, run in
            [
                trace.span(
                    "\(number)", parent: "build", run.site.label, .internal, run.started, run.ended ?? build.ended, run.attributes,
                    error: run.problem)
            ]
                + run.attempts.enumerated().map { attempt, call in
                    trace.span(
                        "\(number)/\(attempt)", parent: "\(number)", run.callName, .client, call.started, call.ended,
                        run.callAttributes(call), error: call.problem)
                }
        }
    }

    /// The same for the same text.
    fileprivate static func identity(_ text: String, digits: Int) -> String { String(Digest(of: Array(text.utf8)).hex.prefix(digits)) }

    fileprivate enum Kind: Int64 { case `internal` = 1, client = 3 }

    private struct Trace {
        let id: String
        let build: String

        private func span(_ name: String) -> String { OpenTelemetryTrace.identity("\(build) \(name)", digits: 16) }

        func span(
            _ key: String, parent: String?, _ name: String, _ kind: Kind, _ start: Moment, _ end: Moment, _ attributes: [Attribute],
            error: Diagnostic?
        ) -> Value {
            let attributes = attributes + (error.map { [Attribute("error.type", $0.code.rawValue)] } ?? [])
            let status: Value = error.map { ["code": 2, "message": .string($0.headline)] } ?? [:]
            var members: [Value.Member] = [
                .init("traceId", .string(id)), .init("spanId", .string(span(key))), .init("name", .string(name)),
                .init("kind", .int(kind.rawValue)), .init("startTimeUnixNano", .string(start.nanoseconds)),
                .init("endTimeUnixNano", .string(max(start, end).nanoseconds)),
                .init("attributes", .list(attributes.map(\.value))), .init("status", status),
            ]
            if let parent { members.append(.init("parentSpanId", .string(span(parent)))) }
            return .object(members)
        }
    }
}

/// A name with a value, as OTLP writes it.
private struct Attribute {
    let value: Value

    init(_ key: String, _ text: String) { value = ["key": .string(key), "value": ["stringValue": .string(text)]] }
    /// Whole numbers are texts in OTLP's JSON, as it has 64 bits.
    init(_ key: String, _ number: Int64) { value = ["key": .string(key), "value": ["intValue": .string(String(number))]] }
    init(_ key: String, _ number: Double) { value = ["key": .string(key), "value": ["doubleValue": .double(number)]] }

    /// What is known of a cost, and how many calls nobody knows the price of.
    static func money(_ cost: Cost) -> [Attribute] {
        [Attribute("epbuild.cost_usd", cost.usd)] + (cost.isKnown ? [] : [Attribute("epbuild.unpriced_calls", cost.unpricedCalls)])
    }
}

extension Timeline.Run {
    fileprivate var attributes: [Attribute] {
        var attributes = [
            Attribute("epbuild.target", "\(site.target)"), Attribute("epbuild.step", site.step), Attribute("epbuild.tool", tool.text),
            Attribute("epbuild.pool", pool.name), Attribute("epbuild.outcome", word),
        ] + Attribute.money(cost)
        if let address { attributes.append(Attribute("epbuild.action", address.hex)) }
        if let service { attributes.append(Attribute("epbuild.provider", service.name)) }
        if let result { attributes.append(Attribute("epbuild.served_by", result.servedBy)) }
        if !attempts.isEmpty { attributes.append(Attribute("epbuild.attempts", Int64(attempts.count))) }
        return attributes
    }

    /// By the conventions: `{operation} {model}`.
    fileprivate var callName: String { [operation, service?.model ?? ""].filter { !$0.isEmpty }.joined(separator: " ") }

    private var operation: String { tool.text == "llm" ? "chat" : "generate_content" }

    fileprivate func callAttributes(_ call: Timeline.Attempt) -> [Attribute] {
        let output = ["llm": "text", "tts": "speech", "image": "image"][tool.text]
        let counts = [
            ("input_tokens", "input_tokens"), ("output_tokens", "output_tokens"), ("cached_tokens", "cache_read.input_tokens"),
            ("cache_write_tokens", "cache_creation.input_tokens"), ("reasoning_tokens", "reasoning.output_tokens"),
        ].compactMap { unit, name in call.usage[unit].map { Attribute("gen_ai.usage.\(name)", $0) } }
        var attributes = [Attribute("gen_ai.operation.name", operation)] + Attribute.money(call.cost)
        if let service { attributes.append(Attribute("gen_ai.provider.name", Self.conventional(service.vendor))) }
        if let model = service?.model { attributes.append(Attribute("gen_ai.request.model", model)) }
        if let output { attributes.append(Attribute("gen_ai.output.type", output)) }
        return attributes + counts
    }

    /// A vendor as the conventions name it.
    private static func conventional(_ vendor: String) -> String { vendor == "gemini" ? "gcp.gemini" : vendor }
}

extension Moment {
    /// Since 1970, in OTLP's letters.
    fileprivate var nanoseconds: String { "\(milliseconds)000000" }
}
