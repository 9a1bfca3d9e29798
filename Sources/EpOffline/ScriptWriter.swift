import EpCore

/// Joins the scenes of an episode into one script, with a title page, an opening and a closing.
struct ScriptWriter {
    private let show: Value
    private let topic: Value
    private let title: String
    private let cast: Cast
    private let sounds: Sounds
    private let segments: [String]

    init(_ prompt: Prompt) throws(Diagnostic) {
        title = try Topic(prompt).title
        show = try prompt.yaml("Show")
        topic = try prompt.yaml("Topic")
        cast = try Cast(prompt.yaml("Characters"))
        sounds = Sounds(try prompt.optionalYAML("Sounds"))
        segments = Optional(try prompt.yaml("Segments")).strings.map { Lines.trim($0) }.filter { !$0.isEmpty }
        if segments.isEmpty {
            throw Prompt.problem("\"## Segments\" has no segment in it", line: 0, remedy: "give it a list of texts, \"- |\" for each")
        }
    }

    func document() throws(Diagnostic) -> String {
        let name = show["title"].text
        let welcome = show["opening"].text ?? name.map { "Welcome to \($0)." } ?? "Hello, and welcome."
        let farewell = show["closing"].text ?? "Goodbye, until next time."
        let parts = [titlePage(name), frame("opening", welcome)] + segments.map { $0 + "\n" } + [frame("closing", farewell)]
        return parts.joined(separator: "\n")
    }

    private func titlePage(_ show: String?) -> String {
        var lines = ["Title: \(title)"]
        if let author = self.show["author"].text { lines += ["Credit: a show by", "Author: \(author)"] }
        if let show { lines.append("Source: \(show)" + (topic["number"]?.number.map { ", episode \(Int($0))" } ?? "")) }
        if let date = topic["date"].text { lines.append("Draft date: \(date)") }
        lines.append("Notes: Made by \(OfflineWriter.madeBy)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the narrator says before the first scene or after the last, with its music.
    private func frame(_ moment: String, _ text: String) -> String {
        var conversation = Conversation(cast: cast, sounds: sounds, remarks: Remarks())
        if moment == "opening" { conversation.moment(moment, music: true) }
        for sentence in Sentence.split(text) { conversation.say(cast.narrator, sentence.text, "warmly") }
        if moment == "closing" { conversation.moment(moment, music: true) }
        return Fountain.text(chapter: nil, conversation.elements)
    }
}
