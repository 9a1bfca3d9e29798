import EpCore
import EpProviders

/// The object that a request has sent, held against the table of routes: an unknown member is an error, as everywhere.
struct Fields {
    private let value: Value

    /// - Throws: `Problem` 400 if it is no JSON, 422 if it is not what the route wants.
    init(_ request: WebRequest, of route: Route) throws(Problem) {
        if request.body.isEmpty, route.body.allSatisfy({ $0.name.hasSuffix("?") }) {
            value = .object([])
            return
        }
        guard let value = Value(json: request.body) else { throw Problem(400, "the body is no JSON") }
        guard let members = value.members else { throw Problem(422, "an object is expected") }
        for member in members {
            guard let field = route.body.first(where: { $0.name.filter { $0 != "?" } == member.key }) else {
                let known = route.body.map { $0.name.filter { $0 != "?" } }
                throw Problem(
                    Diagnostic(
                        .usage, "unknown member \"\(member.key)\"",
                        remedy: known.isEmpty ? "send {}" : Suggestion.remedy(for: member.key, in: known)))
            }
            guard Self.is(member.value, field.type) else { throw Problem(422, "\(member.key) is no \(field.type)") }
        }
        for field in route.body where !field.name.hasSuffix("?") && value[field.name] == nil {
            throw Problem(422, "\(field.name) is missing")
        }
        self.value = value
    }

    func string(_ name: String) -> String { value[name]?.string ?? "" }
    func text(_ name: String) -> String? { value[name]?.string }
    func strings(_ name: String) -> [String] { value[name]?.list?.compactMap(\.string) ?? [] }
    func bool(_ name: String) -> Bool { value[name]?.bool ?? false }
    func int(_ name: String) -> Int? { value[name]?.number.flatMap { Int(exactly: $0) } }
    func number(_ name: String) -> Double? { value[name]?.number }

    private static func `is`(_ value: Value, _ type: String) -> Bool {
        switch type {
        case "string": value.string != nil
        case "strings": value.list?.allSatisfy { $0.string != nil } ?? false
        case "boolean": value.bool != nil
        case "integer": value.number.flatMap { Int(exactly: $0) } != nil
        default: value.number != nil
        }
    }
}
