public import EpCore

/// The document of the API (OpenAPI 3.1), made of the table of routes.
public enum OpenAPI {
    public static func document(version: String) -> Value {
        var paths: [(template: String, operations: [Value.Member])] = []
        for route in Route.all where route.template.hasPrefix("/api/") || route.role == nil || route.endpoint == .metrics {
            let operation = Value.Member(route.method.lowercased(), operation(route))
            if let index = paths.firstIndex(where: { $0.template == route.template }) {
                paths[index].operations.append(operation)
            } else {
                paths.append((route.template, [operation]))
            }
        }
        return .object([
            .init("openapi", "3.1.0"),
            .init(
                "info",
                ["title": "epbuild", "version": .string(version), "description": "The operator's server of epbuild: docs/server.md."]),
            .init("security", .list([["token": .list([])], ["session": .list([])]])),
            .init("paths", .object(paths.map { .init($0.template, .object($0.operations)) })),
            .init("components", [
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer"],
                    "session": ["type": "apiKey", "in": "cookie", "name": "epbuild-PORT"],
                ],
                "schemas": ["Problem": problem],
            ]),
        ])
    }

    private static func operation(_ route: Route) -> Value {
        var members: [Value.Member] = [.init("operationId", .string(route.endpoint.rawValue)), .init("summary", .string(route.summary))]
        if let role = route.role {
            members.append(.init("x-role", .string(role.rawValue)))
        } else {
            members.append(.init("security", .list([])))
        }
        let path = route.parts.filter { $0.first == "{" }.map { parameter(String($0.dropFirst().dropLast()), "path") }
        let parameters = path + route.query.map { parameter($0, "query") }
        if !parameters.isEmpty { members.append(.init("parameters", .list(parameters))) }
        if !route.body.isEmpty {
            members.append(
                .init(
                    "requestBody",
                    ["required": .bool(!route.isBodyOptional), "content": ["application/json": ["schema": schema(route.body)]]]))
        }
        members.append(.init("responses", .object(responses(route))))
        return .object(members)
    }

    private static func parameter(_ name: String, _ place: String) -> Value {
        ["name": .string(name), "in": .string(place), "required": .bool(place == "path"), "schema": ["type": "string"]]
    }

    private static func responses(_ route: Route) -> [Value.Member] {
        let type =
            switch route.endpoint {
            case .events: "text/event-stream"
            case .artifact: "application/octet-stream"
            case .metrics: "text/plain"
            case .open: "text/html"
            default: "application/json"
            }
        let good: Value = ["description": "what was asked for", "content": .object([.init(type, .object([]))])]
        let wrong: Value = [
            "description": "a problem", "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
        let status = route.endpoint == .startBuild || route.endpoint == .startTemplate ? "201" : "200"
        return [.init(status, good)] + (route.endpoint == .artifact ? [.init("206", good)] : []) + [.init("default", wrong)]
    }

    /// Of the object that is sent.
    private static func schema(_ fields: [(name: String, type: String)]) -> Value {
        let properties = fields.map { field in
            let isList = field.type == "strings"
            return Value.Member(
                field.name.filter { $0 != "?" }, isList ? ["type": "array", "items": ["type": "string"]] : ["type": .string(field.type)])
        }
        let required = fields.filter { !$0.name.hasSuffix("?") }.map { Value.string($0.name) }
        return .object([
            .init("type", "object"), .init("additionalProperties", false), .init("properties", .object(properties)),
            .init("required", .list(required)),
        ])
    }

    private static let problem: Value = [
        "type": "object", "required": ["title", "status"],
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"], "code": ["type": "string"],
            "id": ["type": "string"],
            "remedy": ["type": "string"], "file": ["type": "string"], "line": ["type": "integer"],
            "problems": ["type": "array", "items": ["type": "string"]],
        ],
    ]
}
