import EpCore
import Testing

@testable import EpPlan

@Suite struct FieldsTests {
    @Test func everyMistakeIsReportedAtOnce() throws {
        let node = try yaml("name: 3\nsizze: 12\njobs: many\nloud: maybe\nlist: {a: 1}\n")
        let found = problems {
            var fields = try Fields(node, subject: "the thing")
            #expect(fields.string("name") == "3")
            #expect(fields.int("size", in: 1...10) == nil)
            #expect(fields.int("jobs", in: 1...10) == nil)
            #expect(fields.bool("loud") == nil)
            #expect(fields.strings("list") == nil)
            _ = fields.required("title", fields.string("title"))
            try fields.finish()
        }
        #expect(found.map(\.message) == [
            "`jobs` of the thing must be a whole number from 1 to 10, not the text \"many\"",
            "`loud` of the thing must be true or false, not the text \"maybe\"",
            "`list` of the thing must be a list of texts, not a mapping",
            "the thing has no `title`", "the thing has an unknown key `sizze`",
        ])
        #expect(found.map(\.location?.line) == [3, 4, 5, 1, 2])
        #expect(found.last?.remedy == "did you mean \"size\"?")
        #expect(found.last?.location?.column == 1)
    }

    @Test func whatIsEmptyOrMeansSomethingElseIsTold() throws {
        let node = try yaml("name: ''\nsize:\nloud: yes\nquiet: Off\nodd: maybe\nlist: [a, [b]]\n")
        let found = problems {
            var fields = try Fields(node, subject: "the thing")
            _ = (fields.string("name"), fields.int("size", in: 1...10), fields.bool("loud"), fields.bool("quiet"), fields.bool("odd"))
            _ = fields.strings("list")
            try fields.finish()
        }
        #expect(found.map(\.message).prefix(2) == ["`name` of the thing is empty", "`size` of the thing is empty"])
        #expect(found.map(\.remedy) == [
            "write a text, or take `name` out", "write a whole number from 1 to 10, in quotes if it begins with #, or take `size` out",
            "write `true`", "write `false`", nil, nil,
        ])
        #expect(found.last?.message == "`list` of the thing must be a list of texts, and a list stands in it")
        #expect(found.last?.location?.column == 11)
    }

    @Test func aKeyWithoutANearNameListsWhatIsKnown() throws {
        let found = problems {
            var fields = try Fields(yaml("zzzzzz: 1"), subject: "x")
            _ = (fields.string("alpha"), fields.string("beta"))
            try fields.finish()
        }
        #expect(found.map(\.remedy) == ["known: alpha, beta"])
    }

    @Test(arguments: [("a: 0", 0), ("a: 11", 0), ("a: 1", 1), ("a: 10", 1), ("a: 2.5", 0), ("a: \"5\"", 0), ("a: 5.0", 0)])
    func numbersStayInTheirRange(_ text: String, _ count: Int) throws {
        var fields = try Fields(yaml(text), subject: "x")
        #expect((fields.int("a", in: 1...10) != nil) == (count == 1))
        #expect(fields.problems.count == 1 - count)
    }

    @Test(arguments: ["a: 64", "a: 190", "a: \"96\"", "a: 96.0"]) func aNumberIsOneOfThoseThatCanBe(_ text: String) throws {
        var fields = try Fields(yaml(text), subject: "x")
        #expect(fields.int("a", oneOf: [96, 128]) == nil)
        #expect(fields.problems.first?.message.hasPrefix("`a` of x must be one of 96, 128, not ") == true)
    }

    @Test func textsKeepTheirPlaces() throws {
        var fields = try Fields(yaml("a: [x, y]\nb: z\nc: [[1]]\n"), subject: "x")
        #expect(fields.located("a")?.map(\.text) == ["x", "y"])
        #expect(fields.located("a")?.map(\.location.column) == [5, 8])
        #expect(fields.located("b")?.map(\.location) == [SourceLocation(file: "a.yaml", line: 2, column: 4)])
        #expect(fields.located("c") == nil)
        #expect(fields.number("b", in: 0...1) == nil)
        #expect(fields.problems.count == 2)
    }

    @Test func whatIsNoMappingIsSaid() throws {
        let found = problems { _ = try Fields(yaml("- a\n- b\n"), subject: "the show") }
        #expect(found.map(\.message) == ["the show must be a mapping (`key: value`), not a list"])
    }
}
