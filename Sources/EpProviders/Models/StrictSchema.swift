import EpCore

/// JSON Schemas as providers accept them, which is less than the standard has. What is taken out is checked here all the same.
enum StrictSchema {
    /// As OpenAI's strict mode wants it: every object is closed and has all its members; one that may be missing may be null.
    static func adapted(_ schema: Value) -> Value {
        switch schema {
        case .list(let values): return .list(values.map(adapted))
        case .object(let members):
            let isObject = schema["properties"]?.members != nil
            let dropped =
                ["default", "$schema", "title", "examples", "$id", "$comment"] + (isObject ? ["required", "additionalProperties"] : [])
            var adapted = members.filter { !dropped.contains($0.key) }
                .map { member in
                    Value.Member(
                        member.key,
                        member.key == "properties" || ["const", "enum"].contains(member.key) ? member.value : Self.adapted(member.value))
                }
            guard isObject, let properties = schema["properties"]?.members else { return .object(adapted) }
            let required = Set(schema["required"]?.list?.compactMap(\.string) ?? [])
            let closed = properties.map { property in
                Value.Member(
                    property.key, required.contains(property.key) ? Self.adapted(property.value) : nullable(Self.adapted(property.value)))
            }
            adapted.removeAll { $0.key == "properties" }
            adapted += [
                .init("properties", .object(closed)), .init("required", .list(properties.map { .string($0.key) })),
                .init("additionalProperties", false),
            ]
            return .object(adapted)
        default: return schema
        }
    }

    private static func nullable(_ schema: Value) -> Value {
        guard case .object(let members) = schema, let type = schema["type"] else { return ["anyOf": .list([schema, ["type": "null"]])] }
        if schema["enum"] != nil || schema["const"] != nil { return ["anyOf": .list([schema, ["type": "null"]])] }
        let types = type.list ?? [type]
        guard !types.contains("null") else { return schema }
        return .object(members.map { $0.key == "type" ? .init("type", .list(types + ["null"])) : $0 })
    }

    /// With every object closed, and without what the provider does not know.
    /// - Parameter known: the keywords that it does.
    static func adapted(_ schema: Value, knowing known: Set<String>, closesObjects: Bool) -> Value {
        switch schema {
        case .list(let values): return .list(values.map { adapted($0, knowing: known, closesObjects: closesObjects) })
        case .object(let members):
            var kept = members.filter { known.contains($0.key) }.map { member -> Value.Member in
                switch member.key {
                case "properties", "$defs":
                    let inner = (member.value.members ?? []).map {
                        Value.Member($0.key, adapted($0.value, knowing: known, closesObjects: closesObjects))
                    }
                    return .init(member.key, .object(inner))
                case "enum", "const", "required", "type": return member
                default: return .init(member.key, adapted(member.value, knowing: known, closesObjects: closesObjects))
                }
            }
            if closesObjects, schema["properties"] != nil || schema["type"] == "object" {
                kept.removeAll { $0.key == "additionalProperties" }
                kept.append(.init("additionalProperties", false))
            }
            return .object(kept)
        default: return schema
        }
    }
}
