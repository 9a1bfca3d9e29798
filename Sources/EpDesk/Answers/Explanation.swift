public import EpCore

/// What a kind of trouble is, why it comes, and what to do about it: `docs/errors/` has the same pages.
public struct Explanation: Sendable {
    public let code: Diagnostic.Code
    let meaning: String
    /// Each with what to do about it.
    let causes: [(cause: String, remedy: String)]

    /// Finds the explanation of `EP0205` or `provider_failed`, in any case.
    /// - Throws: `Diagnostic` (usage) with the nearest name.
    public init(_ name: String) throws(Diagnostic) {
        let all = Diagnostic.Code.allCases
        let wanted = name.lowercased()
        guard let code = all.first(where: { $0.rawValue == wanted || $0.id.lowercased() == wanted }) else {
            throw Diagnostic(
                .usage, "there is no trouble called \"\(name)\"", remedy: Suggestion.remedy(for: wanted, in: all.map(\.rawValue)))
        }
        self.init(code)
    }

    public init(_ code: Diagnostic.Code) {
        self.code = code
        (meaning, causes) = Self.texts(code)
    }

    /// As the page in `docs/errors/` has it.
    public var markdown: String {
        let rows = causes.map { "- **\($0.cause)** \($0.remedy)\n" }.joined()
        return "# \(code.id): \(code.rawValue)\n\n\(meaning)\n\nExit status \(code.exitStatus.rawValue).\n\n\(rows)"
    }

    public var lines: [String] {
        ["\(code.id) \(code.rawValue): \(meaning)", "exit status \(code.exitStatus.rawValue)"] + causes.map { "  \($0.cause) \($0.remedy)" }
    }

    public var value: Value {
        .object([
            .init("id", .string(code.id)), .init("code", .string(code.rawValue)),
            .init("exitStatus", .int(Int64(code.exitStatus.rawValue))), .init("meaning", .string(meaning)),
            .init("causes", .list(causes.map { ["cause": .string($0.cause), "remedy": .string($0.remedy)] })),
        ])
    }

    private static func texts(_ code: Diagnostic.Code) -> (String, [(cause: String, remedy: String)]) {
        switch code {
        case .usage:
            (
                "The command line makes no sense.",
                [
                    ("A word or an option is misspelt.", "`epbuild help COMMAND` shows what there is."),
                    ("A directory is not there.", "Give its path from where you are."),
                ]
            )
        case .badInput:
            (
                "A file that you wrote is wrong. Nothing was run because of it.",
                [
                    (
                        "The message names file, line and column.",
                        "Correct what stands there; unknown keys and names come with the nearest that there is."
                    ),
                    ("A source is not readable.", "See its permissions, and whether a link leads nowhere."),
                ]
            )
        case .actionFailed:
            (
                "An action ran and failed. What was finished is kept; failures never are.",
                [
                    (
                        "A program has ended with an error.",
                        "Its last lines stand in the message. Correct what it complains of, and run the same command again."
                    ),
                    (
                        "A provider does not know the model, or refuses a setting.",
                        "Correct `model` or the setting in epbuild.yaml; settings that nobody has written are not sent."
                    ),
                ]
            )
        case .providerFailed:
            (
                "A provider could not be reached, was overloaded or broke off, however often it was asked.",
                [
                    (
                        "It is overloaded, or asked too often.",
                        "Run the same command again later; `limit` and `requests_per_minute` keep builds below its limits, and `fallback` "
                            + "names who serves instead."
                    ),
                    ("It is not there.", "Start it, or correct `base_url`; see whether the network is there."),
                    ("It takes longer than `timeout_seconds`.", "Raise that; an answer that was lost on its way is perhaps billed."),
                    ("It failed five times in a row and is left alone.", "A trial is made after 60 s, or in the next build."),
                ]
            )
        case .badAnswer:
            (
                "An answer is of no use, and was not kept.",
                [
                    (
                        "It is empty, or not of the form that `schema` asks for.",
                        "Ask in other words; show the model an example of the form."
                    ),
                    ("It is cut off by the limit of tokens.", "Raise `max_tokens`, or ask for less."),
                    (
                        "A sound is silent, clipped, or cannot be the speech of its text.",
                        "Run the same command again, or take another voice."
                    ),
                ]
            )
        case .refused:
            (
                "A provider does not want to answer, or its filters have kept the answer back.",
                [
                    ("The prompt asks for something that it will not write.", "Ask in other words."),
                    ("It refuses what is harmless.", "`fallback: { refused: [OTHER] }` names who is asked then."),
                ]
            )
        case .tooLong:
            (
                "What was asked is longer than the provider can take.",
                [
                    ("The prompt has too much in it.", "Mention less in the prompt, or fan the stage out with `each`."),
                    ("Its window is small.", "`fallback: { too_long: [OTHER] }` names one with a larger window."),
                ]
            )
        case .spendLimit:
            (
                "The account with a provider is empty, or has reached its limit. Nobody who needs that account is asked again in this run.",
                [
                    ("There is no credit left.", "Add some at the provider, and run the same command again: what is done stays."),
                    ("A limit that you have set there is reached.", "Raise it there, or wait for the next month."),
                ]
            )
        case .keyRejected:
            (
                "The key of a provider is missing, or it does not take it.",
                [
                    (
                        "The variable is not set.",
                        "`export NAME=…`, or write `NAME=…` into a file `.env` beside epbuild.yaml, readable for you alone (chmod 600)."
                    ),
                    ("It is wrong, or may not do this.", "Make another at the provider; see which models and endpoints it is for."),
                ]
            )
        case .unavailable:
            (
                "A program or a provider that is needed is missing.",
                [
                    ("A program is not installed.", "The message names its package; `epbuild doctor` looks for all of them."),
                    ("`--offline` forbids the network.", "Build without it, or name a provider on this machine."),
                ]
            )
        case .approvalOverdue:
            (
                "A gate has waited longer for a decision than it may.",
                [("Nobody has decided.", "`epbuild approve` or `reject` the target that the message names.")]
            )
        case .overBudget:
            (
                "What may be spent, or how often providers may be asked, does not allow the next step. What is free was finished.",
                [
                    ("A budget is used up.", "Raise what the message names, and run the same command again: it goes on where it stopped."),
                    ("The fuse has blown.", "See what asks so often; raise `limits: { calls: }` if that is meant."),
                ]
            )
        case .paused:
            (
                "The builds of this workspace are paused.",
                [("Somebody has run `epbuild pause`.", "`epbuild resume PATH` takes it back and builds.")]
            )
        case .system:
            (
                "The machine failed: no space, no permission, a broken disk.",
                [
                    ("The disk is full.", "Free some; `epbuild cache gc --size 20G` trims the cache. Nothing half-written is visible."),
                    (
                        "The disk has room, but can hold no more files.",
                        "Remove some that nobody needs, however small: `df -i` tells how many a disk can hold."
                    ),
                    ("Something cannot be written.", "See who owns the directory that the message names."),
                ]
            )
        case .damagedCache:
            (
                "Something in the cache was damaged. It is set aside, and what made it runs again.",
                [("A disk or a crash has damaged it.", "Nothing is to be done; `epbuild cache verify` looks for more.")]
            )
        case .remote:
            (
                "A shared cache did not answer, or not correctly.",
                [
                    (
                        "It is slow, full, wrong or gone.",
                        "Builds go on without it; see its url and credentials in epbuild.yaml, and `epbuild doctor`."
                    )
                ]
            )
        }
    }
}
