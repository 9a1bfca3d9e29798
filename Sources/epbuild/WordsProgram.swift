import EpCore
import EpEspeak
import EpFiles
import EpProviders
import Glibc

/// `epbuild --tell-words`, which builds run for lines that espeak-ng has spoken: speaks `line.txt` once more by its library, which tells
/// when each word begins.
///
/// A process of its own, as the library keeps its state in the process. Only if it says the very same as `line.wav` do its times count:
/// what another voice has spoken has none.
struct WordsProgram {
    private let asksForVersion: Bool

    /// Nil if the command line says anything else.
    init?(_ arguments: [String]) {
        guard arguments.first == WordsCommand.word else { return nil }
        asksForVersion = arguments.dropFirst().first == "--version"
    }

    func run() -> ExitStatus {
        do {
            if asksForVersion {
                Console.answer(try EspeakSpeech.versions())
            } else {
                try Files.create(WordsCommand.words, with: Array(try words().json().utf8), mode: 0o644)
            }
            return .success
        } catch {
            Console.say("\((error as? Diagnostic)?.message ?? "\(error)")")
            return (error as? Diagnostic)?.code.exitStatus ?? .failed
        }
    }

    private func words() throws -> Value {
        guard let sound = try Files.read(WordsCommand.sound), let text = try Files.read(WordsCommand.text),
            let voice = try Files.read(WordsCommand.voice).flatMap(Value.init(json:)), let name = voice["voice"]?.string,
            let rate = voice["rate"]?.number
        else { throw Diagnostic(.badInput, "there is no line here, with its voice and its sound") }
        let speech = try EspeakSpeech(
            String(decoding: text, as: UTF8.self), markup: try Files.read(WordsCommand.markup).map { String(decoding: $0, as: UTF8.self) },
            voice: name, wordsPerMinute: Int(rate), pitch: voice["pitch"]?.number.map { Int($0) })
        guard sound.count > Self.header, sound[Self.header...].elementsEqual(speech.bytes) else { return .list([]) }
        func seconds(_ samples: Int) -> Value { .double((Double(samples) / Double(speech.rate) * 10_000).rounded() / 10_000) }
        return .list(speech.words.map { ["word": .string($0.text), "start": seconds($0.start), "end": seconds($0.end)] })
    }

    /// Bytes before the samples of a WAV file as espeak-ng writes it.
    private static let header = 44
}
