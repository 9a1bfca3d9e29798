public import EpCore

/// A show that is to be made: its blueprint, a podcast pipeline and its prompts.
public struct NewShow: Sendable {
    private let place: NewPlace
    private let hasWorkspace: Bool

    /// - Parameters:
    ///   - path: the show's directory; made if it is not there.
    ///   - base: the directory that the path is relative to.
    ///   - note: is told what is there already and stays as it is.
    /// - Throws: `Diagnostic` (usage) if no show can begin there.
    public init(at path: String, from base: String, note: (String) -> Void) throws(Diagnostic) {
        place = NewPlace(path, from: base)
        if place.ancestor(with: "episode.yaml") != nil { throw Diagnostic(.usage, "\(path) lies in an episode", remedy: "put a show beside other shows") }
        if let show = place.parentAncestor(with: "show.yaml") {
            throw Diagnostic(.usage, "\(path) lies in the show \(show)", remedy: "put it beside that show, or make an episode: epbuild new episode \(path)")
        }
        hasWorkspace = place.ancestor(with: "epbuild.yaml") != nil
        try place.refuseIfThere(Starter.showFiles(withWorkspace: !hasWorkspace), note: note)
    }

    /// Writes its files.
    /// - Parameters:
    ///   - character: who asks the questions, beside a narrator.
    ///   - tell: is told of each file.
    /// - Throws: `Diagnostic` (usage) if the character cannot be one, before anything is written.
    public func write(title: String, author: String, character: String, tell: (NewFile) -> Void) throws(Diagnostic) {
        guard character.uppercased() != "NARRATOR", Starter.isCue(character) else {
            throw Diagnostic(.usage, "\"\(character)\" cannot be the name of a character", remedy: "name somebody else than the narrator, with a letter first")
        }
        try place.write(Starter.show(title: title, author: author, character: character.uppercased(), withWorkspace: !hasWorkspace), tell: tell)
    }
}
