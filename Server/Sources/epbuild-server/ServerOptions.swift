import EpCore

/// What the operator's server was started with.
struct ServerOptions {
    var path = ""
    var reach = Reach(port: 8642)
    var lanes = 1
    /// Where `epbuild` lies.
    var program: String?

    /// - Throws: `Diagnostic` (usage).
    init(_ arguments: [String]) throws(Diagnostic) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if try reach.take(word, &rest) { continue }
            switch word {
            case "--lanes": lanes = try OptionValue.number(&rest, word, 1...64)
            case "--program": program = try OptionValue.text(&rest, word)
            default:
                guard !word.hasPrefix("-"), path.isEmpty else {
                    throw Diagnostic(.usage, "\"\(word)\" is not understood", remedy: "epbuild serve --help")
                }
                path = word
            }
        }
        guard !path.isEmpty else { throw Diagnostic(.usage, "which workspace?", remedy: "epbuild serve PATH") }
        try reach.check()
    }
}
