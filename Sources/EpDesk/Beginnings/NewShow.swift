public import EpCore
public import EpPlan

/// A show that is to be made: its blueprint, and a pipeline that it takes over or copies.
public struct NewShow: Sendable {
    private let place: NewPlace
    private let pipeline: ShippedPipeline
    private let ejects: Bool
    private let hasWorkspace: Bool

    /// - Parameters:
    ///   - path: the show's directory; made if it is not there.
    ///   - base: the directory that the path is relative to.
    ///   - ejects: the pipeline's files are copied into the show, to be changed there.
    ///   - note: is told what is there already and stays as it is.
    /// - Throws: `Diagnostic` (usage) if no show can begin there.
    public init(at path: String, from base: String, pipeline: ShippedPipeline, ejects: Bool, note: (String) -> Void) throws(Diagnostic) {
        place = NewPlace(path, from: base)
        (self.pipeline, self.ejects) = (pipeline, ejects)
        if place.ancestor(with: "episode.yaml") != nil {
            throw Diagnostic(.usage, "\(path) lies in an episode", remedy: "put a show beside other shows")
        }
        if let show = place.parentAncestor(with: "show.yaml") {
            throw Diagnostic(
                .usage, "\(path) lies in the show \(show)",
                remedy: "put it beside that show, or make an episode: epbuild new episode \(path)")
        }
        hasWorkspace = place.ancestor(with: "epbuild.yaml") != nil
        let copies = Starter.copies(of: pipeline).map(\.path)
        // Whatever the show is to be, stages that are there would be another one's.
        try place.refuseIfThere(
            ["show.yaml", ShippedPipeline.ownFile] + (ejects ? copies.filter { $0 != ShippedPipeline.ownFile } : [])
                + (hasWorkspace ? [] : ["epbuild.yaml"]), note: note)
    }

    /// True if it begins a workspace of its own, which says who writes; else the one above it does.
    public var beginsWorkspace: Bool { !hasWorkspace }

    /// True if its blueprint names somebody who asks the questions.
    public var hasCharacter: Bool { Starter.mentions("character", in: pipeline.showTemplate) }

    /// Writes its files.
    /// - Parameters:
    ///   - character: who asks the questions, beside a narrator; "" if nobody does.
    ///   - writer: who writes in the workspace that it begins.
    ///   - tell: is told of each file.
    /// - Throws: `Diagnostic` (usage) if the character cannot be one, before anything is written.
    public func write(
        title: String, author: String, character: String, writer: NewWriter, tell: (NewFile) -> Void
    ) throws(Diagnostic) {
        guard !hasCharacter || character.uppercased() != "NARRATOR" && Starter.isCue(character) else {
            throw Diagnostic(
                .usage, "\"\(character)\" cannot be the name of a character",
                remedy: "name somebody else than the narrator, with a letter first")
        }
        let blueprint = Starter.blueprint(of: pipeline, takenOver: !ejects, title: title, author: author, character: character.uppercased())
        let workspace = hasWorkspace ? [] : Starter.workspace(writer)
        try place.write(workspace + [("show.yaml", blueprint)] + (ejects ? Starter.copies(of: pipeline) : []), tell: tell)
    }
}
