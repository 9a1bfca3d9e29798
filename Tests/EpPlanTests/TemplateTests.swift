import EpCore
import Testing

@testable import EpPlan

@Suite struct TemplateTests {
    private static let scope: [String: Value] = [
        "show": [
            "title": "Workshop", "n": 3, "on": true, "off": false, "empty": "", "none": .null, "list": ["a", "b"], "nothing": .list([]),
            "cast": [["name": "Oliver", "likes": ["tea", "bolts"]], ["name": "Pip"]],
        ],
        "item": "a beat",
    ]

    private func render(_ text: String) throws -> String {
        try Template(parsing: Array(text.utf8), file: "p.md").render(Self.scope)
    }

    @Test(arguments: [
        ("Hello {{ show.title }}!", "Hello Workshop!"), ("{{item}}{{ item }}", "a beata beat"), ("{{ show.n }} {{ show.on }}", "3 true"),
        ("[{{ show.none }}]", "[]"),
        ("{ one brace } and }} alone", "{ one brace } and }} alone"), ("", ""), ("ü {{ item }} ü", "ü a beat ü"),
    ])
    func scalarsAreFilledInAsText(_ template: String, _ text: String) throws {
        #expect(try render(template) == text)
    }

    @Test(arguments: [
        ("{{ \"{{\" }} x }}", "{{ x }}"), ("{{'{{'}}", "{{"), ("{{ \"}}\" }}", "}}"), ("{{ \"it's {{ item }}\" }}", "it's {{ item }}"),
        ("{{ \"\" }}", ""),
    ])
    func aTextInQuotesStandsAsItIs(_ template: String, _ text: String) throws {
        #expect(try render(template) == text)
    }

    @Test(arguments: ["{{ \"{{ }}", "{{ \"a\" b }}", "{{ \"a\n\" }}"])
    func aTextInQuotesIsClosedOnItsLine(_ template: String) {
        let problem = #expect(throws: Diagnostic.self) { try render(template) }
        #expect(problem?.message == "a text in quotes is not closed within its `{{`")
    }

    /// An element of a list is as good as the list.
    @Test(arguments: [
        ("{{ s.name }}", [["name"]]), ("{{ s }}", [[]]), ("{{#each s as x}}{{ x.name }}{{/each}}", [["name"]]),
        ("{{#each s.list as x}}{{ x.name }}{{/each}}", [["list", "name"]]),
        ("{{#if s.text}}{{ s.name }}{{/if}}", [["name"], ["text"]]), ("{{#each other as s}}{{ s.text }}{{/each}}", []),
        ("{{#each s as x}}{{#each x as y}}{{ y }}{{/each}}{{/each}}", [[]]),
    ])
    func whatIsMentionedOfAVariable(_ template: String, _ mentions: [[String]]) throws {
        #expect(try Template(parsing: Array(template.utf8), file: "p.md").mentions(of: "s") == Set(mentions))
    }

    @Test func listsAndObjectsAreYAMLWithTheIndentOfTheirPlace() throws {
        #expect(try render("list:\n  {{ show.list }}\nend") == "list:\n  - a\n  - b\nend")
        #expect(try render("{{ show.list }}") == "- a\n- b")
        #expect(try render("    {{ show.cast }}") == "    - name: Oliver\n      likes:\n        - tea\n        - bolts\n    - name: Pip")
        #expect(try render("{{ show.nothing }}") == "[]")
    }

    @Test func eachGoesThroughAList() throws {
        #expect(
            try render("{{#each show.cast as c}}\n- {{ c.name }} of {{ show.title }}\n{{/each}}\nend\n")
                == "- Oliver of Workshop\n- Pip of Workshop\nend\n")
        #expect(try render("{{#each show.list as x}}{{ x }},{{/each}}") == "a,b,")
        #expect(try render("{{#each show.nothing as x}}{{ x }}{{/each}}.") == ".")
        #expect(try render("{{#each show.list as x}}{{#each show.list as y}}{{ x }}{{ y }} {{/each}}{{/each}}") == "aa ab ba bb ")
        // The name of an inner block hides what it is called like.
        #expect(try render("{{#each show.list as item}}{{ item }}{{/each}}{{ item }}") == "aba beat")
    }

    @Test(arguments: [
        ("show.on", "yes"), ("show.off", "no"), ("show.empty", "no"), ("show.none", "no"), ("show.nothing", "no"), ("show.list", "yes"),
        ("show.n", "yes"),
        ("show.missing", "no"), ("missing", "no"), ("item", "yes"),
    ])
    func ifAsksWhetherThereIsAnything(_ name: String, _ answer: String) throws {
        #expect(try render("{{#if \(name)}}yes{{else}}no{{/if}}") == answer)
        #expect(try render("{{#if \(name)}}\nyes\n{{else}}\nno\n{{/if}}\n") == answer + "\n")
        #expect(try render("a{{#if \(name)}}yes{{/if}}b") == (answer == "yes" ? "ayesb" : "ab"))
    }

    @Test func blockTagsAloneOnALineLeaveNoEmptyLine() throws {
        #expect(try render("a\n{{#if show.on}}\nb\n{{/if}}\nc\n") == "a\nb\nc\n")
        #expect(try render("a\n\n{{#if show.off}}\nb\n{{/if}}\n\nc\n") == "a\n\n\nc\n")
        // Indented, and with the line ends of Windows.
        #expect(try render("a\n  {{#if show.on}}\n  b\n  {{else}}\n  x\n  {{/if}}\nc\n") == "a\n  b\nc\n")
        #expect(try render("{{#each show.list as x}}\n  {{#if x}}\n  - {{ x }}\n  {{/if}}\n{{/each}}\n") == "  - a\n  - b\n")
        #expect(try render("a\r\n{{#if show.on}}\r\nb\r\n{{/if}}\r\nc\r\n") == "a\r\nb\r\nc\r\n")
        // Not alone: everything stays.
        #expect(try render("a {{#if show.on}}b{{/if}}\nc") == "a b\nc")
        #expect(try render("{{#if show.on}}b{{/if}}\nc") == "b\nc")
        #expect(try render("  {{#if show.on}} b{{/if}}\n") == "   b\n")
    }

    @Test(arguments: [
        ("x {{ shw.title }}", 1, 3, "`shw` is not defined", "did you mean \"show\"?"),
        ("a\n\n {{ show.titel }}", 3, 2, "`show.titel` is not defined", "did you mean \"title\"?"),
        ("{{#each show.title as x}}{{/each}}", 1, 1, "`show.title` is not a list", "{{#each}} takes a list"),
        (
            "{{#each show.list as x}}{{ x.name }}{{/each}}", 1, 25, "`x.name` is not defined",
            "`x` is a text, and has no fields: write {{ x }}"
        ),
        ("{{#if sho.title}}{{/if}}", 1, 1, "`sho` is not defined", "did you mean \"show\"?"),
        ("{{ item.text }}", 1, 1, "`item.text` is not defined", "`item` is a text, and has no fields: write {{ item }}"),
        ("{{#each show.list as x}}{{/each}}{{ x }}", 1, 34, "`x` is not defined", "known: item, show"),
    ])
    func whatIsNotDefinedIsFoundWhereItStands(_ text: String, _ line: Int, _ column: Int, _ message: String, _ remedy: String) throws {
        let problem = try #require(problems { _ = try render(text) }.first)
        #expect(problem == Diagnostic(.badInput, message, at: SourceLocation(file: "p.md", line: line, column: column), remedy: remedy))
    }

    @Test(arguments: [
        ("{{#if a}}x", 1, 1, "never closed"), ("a\n {{#each a as b}}\n", 2, 2, "never closed"), ("{{/if}}", 1, 1, "closes nothing"),
        ("{{#if a}}{{/each}}", 1, 10, "closes nothing"),
        ("{{else}}", 1, 1, "stands in no"), ("{{#if a}}{{else}}{{else}}{{/if}}", 1, 18, "stands in no"),
        ("{{ a", 1, 1, "not closed on its line"),
        ("x {{ a\n}}", 1, 3, "not closed on its line"), ("{{ a b }}", 1, 1, "not understood"), ("{{}}", 1, 1, "not understood"),
        ("{{#each a}}{{/each}}", 1, 1, "not understood"),
        ("{{ a..b }}", 1, 1, "not a variable's name"), ("{{ a+b }}", 1, 1, "not a variable's name"),
        ("{{#each a as b}}{{else}}{{/each}}", 1, 17, "stands in no"), ("{{ a }", 1, 1, "not closed"),
    ])
    func whatIsWrongIsFoundBeforeAnythingIsRendered(_ text: String, _ line: Int, _ column: Int, _ words: String) throws {
        let problem = try #require(problems { _ = try Template(parsing: Array(text.utf8), file: "p.md") }.first)
        #expect(problem.message.contains(words), "\(problem)")
        #expect(problem.location == SourceLocation(file: "p.md", line: line, column: column), "\(problem)")
    }

    @Test(arguments: [
        ("a { show.title }", 3, "{ show.title }", "write {{ show.title }}"), ("ü${episode.topic}", 2, "${episode.topic}", "{{ episode.topic }}"),
        ("{% if x %}", 1, "{% if x %}", "{{#if name}}"), ("{%- endfor -%}", 1, "{%- endfor -%}", "{{#each"),
        ("{{ a }} {item.text}", 9, "{item.text}", "{{ item.text }}"),
    ])
    func whatOthersWouldFillInIsToldOf(_ line: String, _ column: Int, _ words: String, _ remedy: String) throws {
        let found = Template.strays(in: "x\r\n\(line)\r\n", file: "p.md")
        #expect(found.map(\.message) == ["`\(words)` stands as it is: nothing is filled in"] && found.first?.severity == .warning, "\(found)")
        #expect(found.first?.location == SourceLocation(file: "p.md", line: 2, column: column) && found.first?.remedy?.contains(remedy) == true)
    }

    @Test(arguments: ["{{ show.title }}", "{{{ show.title }}}", "{ \"show\": 1 }", "{show}", "{ a.b }", "100 {%}", "${HOME}", "{{#if show.x}}"])
    func whatIsPlainTextIsNot(_ line: String) { #expect(Template.strays(in: line, file: "p.md").isEmpty) }

    @Test func rootsAreWhatATemplateReads() throws {
        let template = try Template(
            parsing: Array("{{ a.b }}{{#each c as d}}{{ d }}{{ e }}{{/each}}{{#if f.g}}{{ a }}{{else}}{{ d }}{{/if}}".utf8), file: "p")
        #expect(template.roots.map(\.name) == ["a", "c", "e", "f", "d"])
    }

    @Test func blocksInsideEachOtherHaveABound() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "{{#if a}}", count: depth) + "x" + String(repeating: "{{/if}}", count: depth)).utf8)
        }
        #expect(try Template(parsing: nested(100), file: "p.md").render(["a": 1]) == "x")
        let problem = try #require(problems { _ = try Template(parsing: nested(100_000), file: "p.md") }.first)
        #expect(
            problem.message == "blocks are nested more than 100 deep"
                && problem.location == SourceLocation(file: "p.md", line: 1, column: 901))
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        #expect(problems { _ = try Template(parsing: [0x61, 0xFF], file: "p.md") }.map(\.remedy) == ["save it as UTF-8"])
    }

    /// A name within a value that has none: what to write instead.
    @Test(arguments: [
        ("{{ item.text }}", "`item` is a text, and has no fields: write {{ item }}"),
        ("{{ show.cast.name }}", "`show.cast` is a list: write {{#each show.cast as x}} … {{/each}}"),
        ("{{ rejection.note }}", "`rejection` has nothing yet: write {{#if rejection.note}} … {{/if}}"),
        ("{{ show.titl }}", "did you mean \"title\"?"),
    ])
    func anUndefinedNameIsCorrected(_ template: String, _ remedy: String) throws {
        let place = SourceLocation(file: "pipeline.yaml", line: 7, column: 3)
        let problem = #expect(throws: Diagnostic.self) {
            try Template(parsing: Array("a\n \(template)".utf8), file: "p.md", at: place).render(
                Self.scope.merging(["rejection": .object([])]) { $1 })
        }
        #expect(problem?.remedy == remedy && problem?.location == place)
    }
}
