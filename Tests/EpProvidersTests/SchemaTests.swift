import EpCore
import EpHTTP
import EpPlan
import Testing

@testable import EpProviders

@Suite struct SchemaTests {
    private static func schema(_ yaml: String) throws -> JSONSchema { try JSONSchema(Node(parsing: Array(yaml.utf8), file: "schema.json")) }

    @Test(
        arguments: [
            ("{type: object, required: [a]}", "{}", ["a is missing"]),
            ("{type: object, properties: {a: {type: string}}, additionalProperties: false}", "{b: 1}", ["b must not be there"]),
            ("{properties: {a: {properties: {b: {type: integer}}}}}", "{a: {b: 1.5}}", ["a/b must be integer, not a number"]),
            ("{type: integer}", "2.0", []),
            ("{type: [string, 'null']}", "null", []),
            ("{type: [string, 'null']}", "[1]", ["the answer must be string or null, not an array"]),
            (
                "{items: {type: string, minLength: 2, maxLength: 3}}", "[a, abc, abcd]",
                ["0 must have at least 2 characters", "2 must have at most 3 characters"]
            ),
            ("{minItems: 2, maxItems: 3}", "[1]", ["the answer must have at least 2 entries, not 1"]),
            ("{uniqueItems: true}", "[{a: 1, b: 2}, {b: 2, a: 1}]", ["the answer has an entry twice"]),
            (
                "{minimum: 1, exclusiveMaximum: 5, multipleOf: 0.5}", "5.2",
                ["the answer must be less than 5", "the answer must be a multiple of 0.5"]
            ),
            ("{enum: [red, 2]}", "2.0", []), ("{enum: [red, 2]}", "blue", ["the answer must be one of \"red\", 2"]),
            ("{const: {a: 1}}", "{a: 2}", ["the answer must be {\"a\":1}"]),
            ("{pattern: '^[A-Z]+$'}", "Abc", ["the answer must match ^[A-Z]+$"]),
            ("{anyOf: [{type: string}, {minimum: 3}]}", "2", ["the answer has none of the forms that it may have"]),
            ("{oneOf: [{type: number}, {minimum: 3}]}", "4", ["the answer must have exactly one of the forms that it may have"]),
            ("{allOf: [{minimum: 3}, {maximum: 1}]}", "2", ["the answer must be at least 3", "the answer must be at most 1"]),
            ("{$defs: {n: {type: number}}, properties: {a: {$ref: '#/$defs/n'}}}", "{a: x}", ["a must be number, not a string"]),
            ("{prefixItems: [{type: string}], items: {type: number}}", "[x, y]", ["1 must be number, not a string"]),
            (
                "{$defs: {t: {properties: {t: {$ref: '#/$defs/t'}}, additionalProperties: false}}, $ref: '#/$defs/t'}", "{t: {t: {x: 1}}}",
                ["t/t/x must not be there"]
            ),
        ] as [(String, String, [String])])
    func whatDoesNotFitIsSaid(_ schema: String, _ value: String, _ reasons: [String]) throws {
        #expect(try Self.schema(schema).reasons(against: Node(parsing: Array(value.utf8), file: "a").value) == reasons)
    }

    @Test(arguments: [
        (
            "{type: strng}",
            "`type` of a schema must be one of object, array, string, number, integer, boolean, null, not the text \"strng\"",
            "schema.json:1:8"
        ),
        ("{typ: string}", "a schema has the keyword `typ`, which is not checked here", "schema.json:1:2"),
        ("{items: {patern: x}}", "a schema has the keyword `patern`, which is not checked here", "schema.json:1:10"),
        ("{pattern: '('}", "`pattern` of a schema must be a regular expression, not the text \"(\"", "schema.json:1:11"),
        (
            "{$ref: 'other.json'}",
            "`$ref` of a schema must be the place of a schema in this file, such as #/$defs/NAME, not the text \"other.json\"",
            "schema.json:1:8"
        ),
        ("{minimum: few}", "`minimum` of a schema must be a number, not the text \"few\"", "schema.json:1:11"),
        ("{dependentSchemas: {}}", "a schema has the keyword `dependentSchemas`, which is not checked here", "schema.json:1:2"),
    ])
    func aSchemaThatCannotBeCheckedIsAnError(_ schema: String, _ message: String, _ place: String) {
        let list = #expect(throws: DiagnosticList.self) { try Self.schema(schema) }
        #expect(list?.diagnostics.map(\.message) == [message] && list?.diagnostics.first?.location?.description == place)
    }

    @Test func aSchemaThatRefersToItselfEnds() throws {
        let schema = try Self.schema("{$ref: '#'}")
        #expect(schema.reasons(against: 1) == ["the answer is too deep"])
    }

    @Test func anAnswerIsKeptInItsForm() throws {
        let form = AnswerForm(
            try Self.schema("{type: object, properties: {b: {type: string}, a: {type: integer}}, required: [b]}"), isYAML: true)
        #expect(try form.kept("```json\n{\"b\": \"zwei\\u00e4\", \"a\": 1}\n```\n") == "b: zweiä\na: 1\n")
        #expect(try AnswerForm(form.schema, isYAML: false).kept("{\"b\":\"x\",\"a\":2}") == "{\n  \"b\": \"x\",\n  \"a\": 2\n}\n")
        let failure = #expect(throws: ProviderFailure.self) { try form.kept("{\"a\": 1}") }
        #expect(failure?.kind == .badAnswer && failure?.reasons == ["b is missing"])
        #expect(throws: ProviderFailure.self) { try form.kept("Here you are!") }
    }

    /// What does not fit is asked again, with the reasons.
    @Test func aModelIsToldWhatDoesNotFit() async throws {
        let scene = Scene { _, before in
            let content = before == 0 ? #"{\"a\": 1}"# : #"{\"b\": \"x\"}"#
            return (200, [], "{\"choices\":[{\"message\":{\"content\":\"\(content)\"},\"finish_reason\":\"stop\"}]}")
        }
        let form = AnswerForm(try Self.schema("{type: object, required: [b]}"), isYAML: true)
        let configuration = try Scene.provider("use: openai, model: m")
        let answer = try await OpenAIModel().answer(
            ModelQuestion("Say b.", settings: ["model": "m"], form: form), .test(configuration, scene))
        #expect(answer.text == "b: x\n" && scene.requests.count == 2)
        let asked = scene.requests.last?.json?.at("messages", "0", "content")?.string ?? ""
        #expect(asked.hasPrefix("Say b.") && asked.contains("b is missing"))
    }
}
