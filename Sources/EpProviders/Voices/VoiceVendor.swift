public import EpPlan

/// A vendor of voices.
public protocol VoiceVendor: Vendor {
    /// The voice that it has where nobody has said which.
    var usualVoice: String { get }

    /// Reads a character's `voice:`, so that its mistakes are told at their places. `provider` has been read.
    func checkVoice(_ voice: inout Fields)

    /// A line as a voice is given it.
    func spelled(_ text: String, voice: String) throws(SpokenText.Problem) -> String

    /// The same as a provider configures it, where that decides what it is.
    func configured(by configuration: ProviderConfiguration?) -> any VoiceVendor
}

/// Voices that a program on this machine speaks with.
public protocol ProgramVoiceVendor: VoiceVendor {
    /// The program that speaks.
    var program: Program { get }
    /// True if its library tells when each word is heard.
    var tellsWords: Bool { get }

    /// How fast the program and its library are told to speak, in their own measure.
    func speed(of voice: Voice) -> Int

    /// What makes the program speak `line.txt` into `line.wav`.
    func command(_ voice: Voice) -> [String]

    /// What makes it speak a line in which words stand out; nil: it cannot.
    func stressing(_ text: StressedText, _ voice: Voice) -> StressingCommand?

    /// What the program is asked to know whether it has a voice.
    func lists(for voice: Voice) -> [Program]

    /// What is to be said of a voice that the program does not have; nil if it has it.
    /// - Parameter lists: the answers to `lists(for:)`.
    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem?

    /// Whose voice a command speaks with; nil for any other program's.
    func voice(of arguments: [String]) -> String?

    /// How its program is asked for a line where it stays loaded for more of them; nil if it does not stay, or the command is another's.
    func staying(_ command: [String], saying text: String) -> LineQuestion?
}

/// A line that a program is asked for which stays: it answers with the WAV file that the command would have written, in base64.
public struct LineQuestion: Sendable {
    /// What begins the program.
    public let arguments: [String]
    /// What it reads.
    public let file: (name: String, bytes: [UInt8])
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

extension ProgramVoiceVendor {
    public var programs: [Program] { [program] }
    public var tellsWords: Bool { false }

    /// True if another rate has it speak otherwise.
    public func heedsRate(of voice: Voice) -> Bool { command(voice.spoken(atRate: 100)) != command(voice.spoken(atRate: 200)) }

    /// True if another pitch has it speak otherwise.
    public func heedsPitch(of voice: Voice) -> Bool { command(voice.spoken(atPitch: 20)) != command(voice.spoken(atPitch: 80)) }

    public func speed(of voice: Voice) -> Int { voice.rate }
    public func stressing(_ text: StressedText, _ voice: Voice) -> StressingCommand? { nil }
    public func staying(_ command: [String], saying text: String) -> LineQuestion? { nil }
}

extension VoiceVendor {
    public func configured(by configuration: ProviderConfiguration?) -> any VoiceVendor { self }
    public func spelled(_ text: String, voice: String) throws(SpokenText.Problem) -> String { try SpokenText.plain(text) }

    /// As the voices of programs have it.
    public func checkVoice(_ voice: inout Fields) {
        _ = voice.text("voice")
        _ = voice.number("rate", in: 40...600, unit: "words a minute")
        _ = voice.number("pitch", in: 0...99)
    }
}
