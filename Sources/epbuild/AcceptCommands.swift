import ArgumentParser
import EpCore
import EpDesk
import EpEngine

struct AcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Lets what is stale stand as it is, until it would be stale for another reason.",
        usage: "epbuild accept PATH TARGET…",
        discussion:
            "For a change that makes no difference: a corrected comma, another wording of a prompt. `pin` keeps a result whatever changes.")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        for target in session.targets {
            let accepted = try await session.desk.accept(target, at: session.place)
            for group in StageGroups.of(accepted.targets) {
                let which = group.elements.count == 1 ? "\(group.target)" : "\(group.stage): \(group.elements.count) items (\(group.items))"
                Console.answer("\(which): accepted, stands as it is; `epbuild unaccept` takes that back")
            }
            if accepted.missing > 0 {
                Console.say("\(Number.of(accepted.missing, "action")) of \(target) will run all the same: nothing was made of them before")
            }
        }
    }
}

struct UnacceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unaccept", abstract: "Lets what was accepted be made anew.", usage: "epbuild unaccept PATH TARGET…")

    @Argument(help: "An episode, then stages or items.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        for target in session.targets {
            let taken = try await session.desk.unaccept(target, at: session.place)
            Console.answer(
                "\(target): \(taken.count == 1 ? "accepted" : "\(taken.count) items accepted") no longer; the next build makes "
                    + "\(taken.count == 1 ? "it" : "them") anew"
            )
        }
    }
}

/// What stands in one stage as it was accepted, in a line.
struct AcceptedGroup {
    let text: String

    static func of(_ accepted: [Inspection.Accepted]) -> [AcceptedGroup] {
        var seen: [Target] = []
        var first: [Target: Inspection.Accepted] = [:]
        for one in accepted where first[one.step.target] == nil {
            first[one.step.target] = one
            seen.append(one.step.target)
        }
        return seen.compactMap { first[$0].map(AcceptedGroup.init) }
    }

    private init(_ one: Inspection.Accepted) {
        let title = one.step.title.map { "  \($0.text())" } ?? ""
        let why = one.changed.isEmpty ? "" : ", though \(one.changed.prefix(2).joined(separator: " and ")) changed"
        text = "\(one.step.target)\(title)  accepted as it is by \(one.acceptance.by) on \(one.acceptance.at.prefix(10))\(why)"
    }
}
