import EpCore
import EpPlan

/// `may_read:` and `depfile:` of a command: files that lie beside its inputs, and where the program tells which of them it has read.
struct CommandReading {
    private let patterns: [(text: String, location: SourceLocation)]
    private let report: String

    /// Reports what is wrong.
    /// - Returns: nil if the command has neither key.
    init?(_ fields: inout Fields) {
        let (patterns, report, place) = (fields.located("may_read"), fields.string("depfile"), fields.node("depfile")?.location)
        guard patterns != nil || report != nil else { return nil }
        if patterns == nil {
            fields.report(Diagnostic(
                .badInput, "\(fields.subject) has a `depfile`, and nothing that it may read beside its inputs", at: place,
                remedy: "name those files: `may_read: [\"chapters/**\"]`"))
        }
        if report == nil {
            fields.report(Diagnostic(
                .badInput, "\(fields.subject) has a `may_read`, and does not tell what it has read", at: patterns?.first?.location,
                remedy: "add `depfile: FILE`, where the program writes that; files that it reads in any case are `inputs`"))
        }
        for (text, location) in patterns ?? [] where !RelativePath.isClean(text) {
            fields.report(Diagnostic(.badInput, "\"\(text)\" must be a path below the episode or the show, without `..`", at: location))
        }
        if let report, !RelativePath.isClean(report) {
            fields.report(Diagnostic(.badInput, "\"\(report)\" is no path below the working directory", at: place))
        }
        (self.patterns, self.report) = (patterns ?? [], report ?? "")
    }

    /// What the program finds: the files of the episode, else of the show, under the paths that they have there.
    func reading(in stage: StageContext) throws -> Step.Reading {
        var seen: Set<Path> = []
        let offered = try patterns.flatMap { try stage.homeFiles($0.text) }.filter { seen.insert(Path($0.path)).inserted }
        return Step.Reading(report: report, offered: offered.map { Step.Input($0.path, .file($0.file)) }, homes: stage.homes)
    }
}
