public import EpCore
public import EpPlan

/// The form that an answer must have: a well-kept part of JSON Schema 2020-12. A keyword that is not known is an error, so that nothing is
/// left unchecked in silence.
public struct JSONSchema: Sendable, Hashable {
    public let value: Value

    /// Checked here.
    static let assertions = [
        "type", "enum", "const", "properties", "required", "additionalProperties", "minProperties", "maxProperties", "items", "prefixItems",
        "minItems", "maxItems", "uniqueItems",
        "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "anyOf", "allOf",
        "oneOf", "$ref", "$defs", "definitions",
    ]
    /// For readers.
    static let annotations = [
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly",
    ]
    static let types = ["object", "array", "string", "number", "integer", "boolean", "null"]

    /// What has been checked before: of a step's input.
    init(checked value: Value) { self.value = value }

    /// Reads a schema that a person wrote.
    /// - Throws: `DiagnosticList` with every keyword that is not known or makes no sense, each at its place.
    public init(_ node: Node) throws {
        value = node.value
        var problems: [Diagnostic] = []
        Self.check(node, root: node, &problems)
        if !problems.isEmpty { throw DiagnosticList(problems) }
    }

    private static func check(_ node: Node, root: Node, _ problems: inout [Diagnostic]) {
        if node.value.bool != nil { return }
        guard case .object(let members) = node.content else {
            problems.append(Diagnostic(.badInput, "a schema must be a mapping, not \(node.kind)", at: node.location))
            return
        }
        for member in members {
            switch member.key {
            case "properties", "$defs", "definitions":
                guard case .object(let inner) = member.value.content else { problems.append(wrong(member, "a mapping")); continue }
                for part in inner { check(part.value, root: root, &problems) }
            case "items", "additionalProperties": check(member.value, root: root, &problems)
            case "anyOf", "allOf", "oneOf", "prefixItems":
                guard case .list(let inner) = member.value.content, !inner.isEmpty else {
                    problems.append(wrong(member, "a list of schemas")); continue
                }
                for part in inner { check(part, root: root, &problems) }
            case "type":
                for type in (member.value.value.list ?? [member.value.value]) where !types.contains(type.string ?? "") {
                    problems.append(wrong(member, "one of \(types.joined(separator: ", "))"))
                }
            case "enum": if member.value.value.list?.isEmpty != false { problems.append(wrong(member, "a list of values")) }
            case "required":
                if member.value.value.list?.allSatisfy({ $0.string != nil }) != true { problems.append(wrong(member, "a list of names")) }
            case "pattern":
                if (try? Regex(member.value.value.string ?? "(")) == nil { problems.append(wrong(member, "a regular expression")) }
            case "$ref":
                if resolve(member.value.value.string ?? "", in: root.value) == nil {
                    problems.append(wrong(member, "the place of a schema in this file, such as #/$defs/NAME"))
                }
            case let key where key.hasPrefix("min") || key.hasPrefix("max") || key.hasPrefix("exclusive") || key == "multipleOf":
                if !assertions.contains(key) {
                    problems.append(unknown(member))
                } else if member.value.value.number == nil {
                    problems.append(wrong(member, "a number"))
                }
            case let key where !(assertions + annotations).contains(key): problems.append(unknown(member))
            default: break
            }
        }
    }

    private static func wrong(_ member: Node.Member, _ expected: String) -> Diagnostic {
        Diagnostic(.badInput, "`\(member.key)` of a schema must be \(expected), not \(member.value.kind)", at: member.value.location)
    }

    private static func unknown(_ member: Node.Member) -> Diagnostic {
        Diagnostic(
            .badInput, "a schema has the keyword `\(member.key)`, which is not checked here", at: member.keyLocation,
            remedy: Suggestion.nearest(to: member.key, in: assertions + annotations).map { "did you mean \"\($0)\"?" }
                ?? "take it out; docs/providers.md lists the keywords")
    }

    /// The schema at `#/a/b`; nil if there is none.
    private static func resolve(_ pointer: String, in root: Value) -> Value? {
        guard pointer == "#" || pointer.hasPrefix("#/") else { return nil }
        return pointer.dropFirst(2).split(separator: "/").reduce(root) { value, part in
            value?[String(part).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }

    // MARK: checking an answer

    /// More are of no help to anybody.
    private static let mostReasons = 10
    /// A schema may refer to itself; what is deeper is no answer.
    private static let deepest = 100

    /// Why a value does not have this form, each with its place in it: `beats/2/title is missing`; empty if it has.
    public func reasons(against value: Value) -> [String] {
        var reasons: [String] = []
        check(value, self.value, "", 0, &reasons)
        return Array(reasons.prefix(Self.mostReasons))
    }

    private func fits(_ value: Value, _ schema: Value, _ place: String, _ depth: Int) -> Bool {
        var reasons: [String] = []
        check(value, schema, place, depth, &reasons)
        return reasons.isEmpty
    }

    private func check(_ value: Value, _ schema: Value, _ place: String, _ depth: Int, _ reasons: inout [String]) {
        let shown = place.isEmpty ? "the answer" : place
        guard depth < Self.deepest else { return reasons.append("\(shown) is too deep") }
        if schema.bool == false { return reasons.append("\(shown) must not be there") }
        if let pointer = schema["$ref"]?.string, let target = Self.resolve(pointer, in: self.value) {
            check(value, target, place, depth + 1, &reasons)
        }
        if let type = schema["type"] {
            let types = (type.list ?? [type]).compactMap(\.string)
            guard types.contains(where: value.isOfType) else {
                return reasons.append("\(shown) must be \(types.joined(separator: " or ")), not \(value.typeName)")
            }
        }
        if let values = schema["enum"]?.list, !values.contains(where: { value.isSame(as: $0) }) {
            reasons.append("\(shown) must be one of \(values.map { $0.json() }.joined(separator: ", "))")
        }
        if let constant = schema["const"], !value.isSame(as: constant) { reasons.append("\(shown) must be \(constant.json())") }
        checkNumber(value, schema, shown, &reasons)
        checkText(value, schema, shown, &reasons)
        checkList(value, schema, place, depth, &reasons)
        checkObject(value, schema, place, depth, &reasons)
        for part in schema["allOf"]?.list ?? [] { check(value, part, place, depth + 1, &reasons) }
        if let parts = schema["anyOf"]?.list, !parts.contains(where: { fits(value, $0, place, depth + 1) }) {
            reasons.append("\(shown) has none of the forms that it may have")
        }
        if let parts = schema["oneOf"]?.list, parts.count(where: { fits(value, $0, place, depth + 1) }) != 1 {
            reasons.append("\(shown) must have exactly one of the forms that it may have")
        }
    }

    private func checkNumber(_ value: Value, _ schema: Value, _ shown: String, _ reasons: inout [String]) {
        guard let number = value.number else { return }
        if let least = schema["minimum"]?.number, number < least { reasons.append("\(shown) must be at least \(least.shown)") }
        if let most = schema["maximum"]?.number, number > most { reasons.append("\(shown) must be at most \(most.shown)") }
        if let least = schema["exclusiveMinimum"]?.number, number <= least { reasons.append("\(shown) must be more than \(least.shown)") }
        if let most = schema["exclusiveMaximum"]?.number, number >= most { reasons.append("\(shown) must be less than \(most.shown)") }
        if let step = schema["multipleOf"]?.number, step > 0, abs((number / step).rounded() - number / step) > 1e-9 {
            reasons.append("\(shown) must be a multiple of \(step.shown)")
        }
    }

    private func checkText(_ value: Value, _ schema: Value, _ shown: String, _ reasons: inout [String]) {
        guard let text = value.string else { return }
        let count = Double(text.unicodeScalars.count)
        if let least = schema["minLength"]?.number, count < least {
            reasons.append("\(shown) must have at least \(least.shown) characters")
        }
        if let most = schema["maxLength"]?.number, count > most { reasons.append("\(shown) must have at most \(most.shown) characters") }
        if let pattern = schema["pattern"]?.string, let regex = try? Regex(pattern), text.firstMatch(of: regex) == nil {
            reasons.append("\(shown) must match \(pattern)")
        }
    }

    private func checkList(_ value: Value, _ schema: Value, _ place: String, _ depth: Int, _ reasons: inout [String]) {
        guard let list = value.list else { return }
        let shown = place.isEmpty ? "the answer" : place
        if let least = schema["minItems"]?.number, Double(list.count) < least {
            reasons.append("\(shown) must have at least \(least.shown) entries, not \(list.count)")
        }
        if let most = schema["maxItems"]?.number, Double(list.count) > most {
            reasons.append("\(shown) must have at most \(most.shown) entries, not \(list.count)")
        }
        if schema["uniqueItems"]?.bool == true, Set(list.map { $0.sorted.json() }).count < list.count {
            reasons.append("\(shown) has an entry twice")
        }
        let first = schema["prefixItems"]?.list ?? []
        for (index, entry) in list.enumerated() {
            guard let form = index < first.count ? first[index] : schema["items"] else { continue }
            check(entry, form, place.isEmpty ? "\(index)" : "\(place)/\(index)", depth + 1, &reasons)
        }
    }

    private func checkObject(_ value: Value, _ schema: Value, _ place: String, _ depth: Int, _ reasons: inout [String]) {
        guard let members = value.members else { return }
        let shown = place.isEmpty ? "the answer" : place
        func inner(_ key: String) -> String { place.isEmpty ? key : "\(place)/\(key)" }
        for key in (schema["required"]?.list ?? []).compactMap(\.string) where value[key] == nil {
            reasons.append("\(inner(key)) is missing")
        }
        if let least = schema["minProperties"]?.number, Double(members.count) < least {
            reasons.append("\(shown) must have at least \(least.shown) members")
        }
        if let most = schema["maxProperties"]?.number, Double(members.count) > most {
            reasons.append("\(shown) must have at most \(most.shown) members")
        }
        let properties = schema["properties"]
        for member in members {
            if let form = properties?[member.key] {
                check(member.value, form, inner(member.key), depth + 1, &reasons)
            } else if let rest = schema["additionalProperties"] {
                check(member.value, rest, inner(member.key), depth + 1, &reasons)
            }
        }
    }
}

extension Value {
    fileprivate func isOfType(_ type: String) -> Bool {
        switch (type, meaning) {
        case ("object", .object), ("array", .list), ("string", .string), ("boolean", .bool), ("null", .null), ("number", .int),
            ("number", .double), ("integer", .int):
            true
        case ("integer", .double(let number)): number == number.rounded()
        default: false
        }
    }

    fileprivate var typeName: String {
        switch meaning {
        case .object: "an object"
        case .list: "an array"
        case .string: "a string"
        case .bool: "a boolean"
        case .null: "null"
        default: "a number"
        }
    }

    /// Numbers are the same in whatever letters; members in whatever order.
    fileprivate func isSame(as other: Value) -> Bool {
        if let number, let other = other.number { return number == other }
        return sorted.json() == other.sorted.json()
    }
}

extension Double {
    fileprivate var shown: String { Value.double(self).json() }
}
