import ArgumentParser
import EpCore
import EpDesk
import EpEngine

struct CacheSignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Signs what episodes are built from, where it stands in shared caches unsigned or signed by others.",
        usage: "epbuild cache sign PATH… [--json]")

    @OptionGroup var arguments: SharingArguments

    func run() async throws {
        try await arguments.run { desk, place in
            try await desk.sign(place).map { answer in
                let signed = answer.signed
                var words = ["\(Number.of(signed.signed, "result")) signed in \(signed.cache)"]
                if signed.known > 0 { words.append("\(signed.known) had been signed by this key") }
                if signed.others > 0 { words.append("\(signed.others) are others than here, and stay as they are") }
                if signed.missing > 0 { words.append("\(signed.missing) are not there") }
                return .init(episode: answer.episode, words: words, failed: signed.failed, value: answer.value)
            }
        }
    }
}

extension VouchedAnswer {
    /// Who has signed, for a person.
    var words: [String] {
        var words = vouched.byKey.sorted { $0.key < $1.key }.map { "\($1) signed by \($0)" }
        words += vouched.byUnknown.sorted { $0.key < $1.key }.map { "\($1) by the unknown key \($0)" }
        if vouched.forged > 0 { words.append("\(vouched.forged) with a signature that is not its name's") }
        if vouched.unsigned > 0 { words.append("\(vouched.unsigned) unsigned") }
        if vouched.missing > 0 { words.append("\(vouched.missing) not there") }
        if words.isEmpty { words = ["nothing of it is built here"] }
        if vouched.refused > 0, vouched.isGuarded { words.append("\(vouched.refused) are not taken") }
        return [vouched.cache + ": " + words.joined(separator: ", ")]
    }
}
