import EpCore
import EpPlan

/// Something of which a tool reads one: a mix has one script, a package one mix. Whatever else was named would be lost in silence.
struct OnlyOne<Value> {
    /// What has one of what: "a mix has one script".
    private let rule: String
    private(set) var value: Value?
    private var origin: StageName?

    init(_ rule: String) { self.rule = rule }

    /// - Parameter count: how many such things the stage hands on.
    /// - Throws: `Diagnostic` if another stage has handed one on, or this one hands on several.
    mutating func set(_ value: Value, of name: StageName, count: Int = 1, in stage: StageContext) throws(Diagnostic) {
        if let origin, origin != name {
            throw refusal("\(name) is one too many", of: name, in: stage, remedy: "let `from` name \(origin) or \(name), not both")
        }
        guard count == 1 else {
            throw refusal(
                "\(name) hands on \(count)", of: name, in: stage,
                remedy: "let \(stage.stage.name) fan out (`each:`) as \(name) does, or let \(name) hand on one")
        }
        (self.value, origin) = (value, name)
    }

    private func refusal(_ why: String, of name: StageName, in stage: StageContext, remedy: String) -> Diagnostic {
        let place = stage.stage.from.last { $0.stage == name }?.location
        return Diagnostic(.badInput, "\(rule), and \(why)", at: place ?? stage.stage.location, remedy: remedy)
    }
}

extension StageArtifacts {
    /// How many of its files have such an ending.
    func count(of ending: String) -> Int { files.count { $0.fileExtension == ending } }
}
