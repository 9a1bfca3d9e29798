import EpCards
import EpCore
import EpFiles
import EpPlan
import Glibc

/// `epbuild --draw-card`, which builds run for each card: draws `card.json` of its directory with the fonts in `fonts/`.
///
/// A process of its own: forty libraries are loaded for it, and what is wrong with a font ends it alone.
struct CardProgram {
    private let asksForVersion: Bool

    /// Nil if the command line says anything else.
    init?(_ arguments: [String]) {
        guard arguments.first == CardCommand.word else { return nil }
        asksForVersion = arguments.dropFirst().first == "--version"
    }

    func run() -> ExitStatus {
        do {
            if asksForVersion {
                Console.answer(bytes: Array(try CardDrawing.versions().utf8))
            } else {
                try draw()
            }
            return .success
        } catch let problem as CardProblem {
            Console.say(problem.message)
            if case .noLibrary = problem { return .unavailable }
            return problem == .noMemory ? .failed : .badInput
        } catch {
            Console.say("\(error)")
            return .failed
        }
    }

    private func draw() throws {
        guard let bytes = try Files.read(CardCommand.card), let card = Card(try Node(parsing: bytes, file: CardCommand.card).value) else {
            throw Diagnostic(.badInput, "there is no \(CardCommand.card) here that describes a card")
        }
        let fonts = Directory.names(CardCommand.fonts).sorted().map { "\(CardCommand.fonts)/\($0)" }
        let png = try CardDrawing.png(of: card, fonts: fonts, image: card.hasImage ? CardCommand.image : nil)
        try Files.create(CardCommand.picture, with: png, mode: 0o644)
    }
}
