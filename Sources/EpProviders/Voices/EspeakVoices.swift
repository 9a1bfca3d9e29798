import EpCore
import Synchronization

/// The voices that espeak-ng has, as `--voices` lists them. It would speak with another voice where it does not know one, and say nothing.
struct EspeakVoices {
    /// Languages and names in lower case, which it does not tell from capitals.
    private var names: Set<String> = []
    /// Paths of its voices, such as `gmw/en`.
    private var files: Set<String> = []
    private var languages: [String] = []

    /// What was found of a voice, by what espeak-ng had listed then.
    private struct Answer {
        let list: String
        let variants: String
        let problem: VoiceProblem?
    }

    /// By voice, as many lines ask for the same; and the list that was read last.
    private static let known = Mutex((answers: [String: Answer](), list: (text: "", voices: EspeakVoices(""))))

    /// The same as `problem(of:variants:)` of a list; a voice is looked for once.
    static func problem(of voice: String, in list: String, variants: String) -> VoiceProblem? {
        known.withLock { known in
            // By bytes, as many lines ask: these lists are long, and their letters are slowly compared otherwise.
            if let answer = known.answers[voice], answer.list.isByteForByte(list), answer.variants.isByteForByte(variants) {
                return answer.problem
            }
            if !known.list.text.isByteForByte(list) { known.list = (list, EspeakVoices(list)) }
            let problem = known.list.voices.problem(of: voice, variants: variants)
            known.answers[voice] = Answer(list: list, variants: variants, problem: problem)
            return problem
        }
    }

    /// - Parameter list: what `--voices` prints: priority, language, age and gender, name, file, and other languages in brackets.
    init(_ list: String) {
        for line in list.split(separator: "\n").dropFirst() {
            let columns = line.split(separator: " ").map(String.init)
            guard columns.count >= 5 else { continue }
            languages.append(columns[1])
            names.formUnion([columns[1].lowercased(), columns[3].replacing("_", with: " ").lowercased()])
            files.insert(columns[4])
            // `(en-uk 2)(en 5)`
            for other in columns[5...] {
                guard let start = other.lastIndex(of: "(") else { continue }
                names.insert(other[other.index(after: start)...].lowercased())
            }
        }
    }

    /// - Parameter variants: what `--voices=variant` prints; nil if the voice has none.
    /// - Returns: what to say of a voice that is not there; nil if it is.
    func problem(of voice: String, variants: String?) -> VoiceProblem? {
        let parts = voice.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        // Of the voices of MBROLA it says by itself that one is missing.
        guard parts[0].hasPrefix("mb-") || parts[0].hasPrefix("mb/") || names.contains(parts[0].lowercased()) || files.contains(parts[0])
        else {
            return VoiceProblem(unknown: parts[0], remedy: Self.remedy(for: parts[0], in: languages, "espeak-ng --voices"))
        }
        guard parts.count == 2, let variants, Int(parts[1]) == nil else { return nil }
        let known = variants.matches(of: /!v\/(\S+)/).map { String($0.output.1) }
        if known.contains(parts[1]) { return nil }
        return VoiceProblem(unknown: "+\(parts[1])", remedy: Self.remedy(for: parts[1], in: known, "espeak-ng --voices=variant"))
    }

    /// There are too many to name them all.
    private static func remedy(for name: String, in known: [String], _ command: String) -> String {
        Suggestion.nearest(to: name, in: known).map { "did you mean \"\($0)\"?" } ?? "`\(command)` lists them"
    }

    static func hasVariant(_ voice: String) -> Bool { voice.contains("+") }
}
