public import EpCore
public import EpPlan

/// A kind of provider: whatever is known of it stands in one file, and here is what all of them tell.
public protocol Vendor: Sendable {
    /// What `use:` calls it: `espeak`.
    var name: String { get }
    /// Other names that mean the same.
    var aliases: [String] { get }
    /// The keys of `epbuild.yaml` that it reads, beside those of every provider.
    var keys: [String] { get }
    /// The programs without which it serves nobody.
    var programs: [Program] { get }
}

extension Vendor {
    public var aliases: [String] { [] }
    public var keys: [String] { [] }
    public var programs: [Program] { [] }
}

/// A vendor that answers prompts.
public protocol LanguageModelVendor: Vendor {
    /// Part of every address: another revision may answer otherwise.
    var revision: String { get }
    /// What an answer asks of a service beyond this machine, and costs at most; nil: nothing.
    func call(_ prompt: String) -> ProviderCall?
    /// - Parameter take: which rendition is asked for, from 1.
    /// - Throws: `StepFailure`.
    func answer(_ prompt: String, take: Int) async throws -> ModelAnswer
}

extension LanguageModelVendor {
    public func call(_ prompt: String) -> ProviderCall? { nil }
}

/// What a language model has said, and who it was.
public struct ModelAnswer: Sendable {
    public let text: String
    public let servedBy: String
    public let cost: Cost
    /// Counted or reported by the provider, by unit: `input_tokens`.
    public let usage: [String: Int64]

    public init(_ text: String, servedBy: String, cost: Cost = .zero, usage: [String: Int64] = [:]) {
        (self.text, self.servedBy, self.cost, self.usage) = (text, servedBy, cost, usage)
    }
}

/// A vendor of voices that a program on this machine speaks with.
public protocol VoiceVendor: Vendor {
    /// The program that speaks.
    var program: Program { get }
    /// The voice that it has where nobody has said which.
    var usualVoice: String { get }

    /// Reads a character's `voice:`, so that its mistakes are told at their places. `provider` has been read.
    func check(_ voice: inout Fields)

    /// What speaking a line asks of a service beyond this machine, and costs at most; nil: nothing.
    func call(_ text: String) -> ProviderCall?

    /// A line as the program is given it.
    func spelled(_ text: String) throws(SpokenText.Problem) -> String

    /// What makes the program speak `line.txt` into `line.wav`.
    func command(_ voice: Voice) -> [String]

    /// What the program is asked to know whether it has a voice.
    func lists(for voice: Voice) -> [Program]

    /// What is to be said of a voice that the program does not have; nil if it has it.
    /// - Parameter lists: the answers to `lists(for:)`.
    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem?

    /// Whose voice a command speaks with; nil for any other program's.
    func voice(of arguments: [String]) -> String?
}

/// A voice that is not there.
public struct VoiceProblem: Sendable, Equatable {
    /// The part of its name that is not known.
    public let unknown: String
    public let remedy: String

    public init(unknown: String, remedy: String) {
        self.unknown = unknown
        self.remedy = remedy
    }
}

extension VoiceVendor {
    public var programs: [Program] { [program] }
    public func call(_ text: String) -> ProviderCall? { nil }

    /// As most voices have it.
    public func check(_ voice: inout Fields) {
        _ = voice.text("voice")
        _ = voice.number("rate", in: 40...600, unit: "words a minute")
        _ = voice.number("pitch", in: 0...99)
    }
}
