import EpComposition
import EpCore

/// What a cache for a team was started with.
struct CacheOptions {
    var directory = ""
    var reach = Reach(port: 8643)
    /// Bytes that it may hold; nil: any number.
    var limit: Int64? = 50 << 30

    /// - Parameter arguments: those behind the word `cache`.
    /// - Throws: `Diagnostic` (usage).
    init(_ arguments: some Sequence<String>) throws(Diagnostic) {
        var rest = Array(arguments)[...]
        while let word = rest.popFirst() {
            if try reach.take(word, &rest) { continue }
            switch word {
            case "--size": limit = try Self.size(try OptionValue.text(&rest, word))
            default:
                guard !word.hasPrefix("-"), directory.isEmpty else {
                    throw Diagnostic(.usage, "\"\(word)\" is not understood", remedy: "epbuild cache serve --help")
                }
                directory = word
            }
        }
        guard !directory.isEmpty else { throw Diagnostic(.usage, "which directory?", remedy: "epbuild cache serve DIR") }
        try reach.check()
    }

    private static func size(_ text: String) throws(Diagnostic) -> Int64? {
        guard let bytes = Size.bytes(text) else {
            throw Diagnostic(.usage, "\"\(text)\" is no size", remedy: "write a number with K, M, G or T: 20G")
        }
        return bytes == 0 ? nil : bytes
    }
}
