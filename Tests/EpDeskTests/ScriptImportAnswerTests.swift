import EpCore
import EpImport
import FoundationEssentials
import Testing

@testable import EpDesk

/// A script in another form, as a server or a command line asks for it.
@Suite struct ScriptImportAnswerTests {
    @Test func aTextBecomesFountainInANewFile() throws {
        let show = try TestShow("  plan: { tool: echo, say: x }\n")
        try show.write("ANN: Hello there.\nBEN: Good day.\n", to: "w/talk.txt")
        let answer = try ScriptImportAnswer(file: "w/talk.txt", from: show.path)
        #expect(answer.script.lineCount == 2 && answer.script.speakers == ["ANN", "BEN"] && answer.script.doubts.isEmpty)
        try answer.write(to: "w/talk.fountain", from: show.path)
        #expect(try show.read("w/talk.fountain") == answer.script.fountain)
        let again = #expect(throws: Diagnostic.self) { try answer.write(to: "w/talk.txt", from: show.path) }
        #expect(again?.code == .usage && again?.message == "w/talk.txt is there already, and is left as it is")
        #expect(try show.read("w/talk.txt") == "ANN: Hello there.\nBEN: Good day.\n")
    }

    @Test func whatIsNoScriptIsToldByTheNameThatThePersonGave() throws {
        let show = try TestShow("  plan: { tool: echo, say: x }\n")
        try show.write("", to: "w/talk.txt")
        func problem(_ file: String) -> Diagnostic? {
            #expect(throws: Diagnostic.self) { try ScriptImportAnswer(file: file, from: show.path) }
        }
        #expect(problem("w/none.txt")?.message == "there is no file w/none.txt, or it cannot be read")
        #expect(problem("w/show")?.message == "w/show is a directory, not a file")
        #expect(problem("w/talk.txt")?.location?.file == "w/talk.txt")
    }
}
