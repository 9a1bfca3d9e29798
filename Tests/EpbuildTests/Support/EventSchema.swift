import EpCore
import EpPlan
import EpProviders
import FoundationEssentials

/// The schema of events that stands in the documentation, taken strictly: a key that it does not name is wrong.
struct EventSchema {
    /// Of the events that it knows.
    let names: Set<String>
    private let root: Value

    /// - Throws: what is wrong with the schema itself.
    init() throws {
        let directory = #filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound)
        let node = try Node(
            parsing: [UInt8](Data(contentsOf: URL(filePath: "\(directory)/docs/events.schema.json"))), file: "events.schema.json")
        _ = try JSONSchema(node)
        root = node.value
        names = Set(root["anyOf"]?.list?.compactMap { $0["$ref"]?.string.map { String($0.dropFirst("#/$defs/".count)) } } ?? [])
    }

    /// What is wrong with lines of JSON, each with its line.
    func problems(in lines: String) throws -> [String] {
        try lines.split(separator: "\n").flatMap { line in
            try problems(of: Node(parsing: Array(line.utf8), file: "event").value).map { "\($0): \(line)" }
        }
    }

    func problems(of event: Value) throws -> [String] {
        guard let name = event["event"]?.string, names.contains(name), let own = root["$defs"]?[name] else {
            return ["an event that the schema does not know"]
        }
        let base = root["properties"]?.members?.filter { $0.key != "event" } ?? []
        let required = (root["required"]?.list ?? []) + (own["required"]?.list ?? [])
        let form: Value = .object([
            .init("type", "object"), .init("required", .list(required)),
            .init("properties", .object(base + (own["properties"]?.members ?? []))),
            .init("$defs", root["$defs"] ?? .null),
        ])
        return try JSONSchema(Node(parsing: Array(Self.closed(form).json().utf8), file: "closed")).reasons(against: event)
    }

    /// The same schema with every object closed.
    private static func closed(_ schema: Value) -> Value {
        switch schema {
        case .list(let parts): .list(parts.map(closed))
        case .object(let members):
            .object(
                members.map { Value.Member($0.key, closed($0.value)) }
                    + (schema["properties"]?.members != nil && schema["additionalProperties"] == nil
                        ? [.init("additionalProperties", false)] : []))
        default: schema
        }
    }
}
