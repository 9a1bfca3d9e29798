import EpCore

/// What the server was started with.
struct ServerOptions {
    var path = ""
    var port = 8642
    var address = "127.0.0.1"
    /// What browsers send as `Host`; none: the loopback names.
    var names: [String] = []
    var isBehindProxy = false
    var usersFile: String?
    var lanes = 1
    /// Where `epbuild` lies.
    var program: String?

    /// - Throws: `Diagnostic` (usage).
    init(_ arguments: [String]) throws(Diagnostic) {
        var rest = arguments[...]
        func value(_ option: String) throws(Diagnostic) -> String {
            guard let value = rest.popFirst() else { throw Diagnostic(.usage, "\(option) takes a value") }
            return value
        }
        while let word = rest.popFirst() {
            switch word {
            case "--port": port = try Self.number(try value(word), word, 0...65_535)
            case "--lanes": lanes = try Self.number(try value(word), word, 1...64)
            case "--bind": address = try value(word)
            case "--host": names.append(try value(word))
            case "--behind-proxy": isBehindProxy = true
            case "--users": usersFile = try value(word)
            case "--program": program = try value(word)
            default:
                guard !word.hasPrefix("-"), path.isEmpty else { throw Diagnostic(.usage, "\"\(word)\" is not understood", remedy: "epbuild serve --help") }
                path = word
            }
        }
        guard !path.isEmpty else { throw Diagnostic(.usage, "which workspace?", remedy: "epbuild serve PATH") }
        try check()
    }

    private func check() throws(Diagnostic) {
        let isLoopback = address.hasPrefix("127.") || address == "::1" || address == "localhost"
        if !isLoopback, !isBehindProxy {
            throw Diagnostic(
                .usage, "\(address) can be reached by others, and the server speaks no TLS", remedy: "put a proxy with TLS before it, and say --behind-proxy")
        }
        if isBehindProxy, names.isEmpty {
            throw Diagnostic(.usage, "behind a proxy the server must know its name", remedy: "--host studio.example.org, as browsers send it")
        }
    }

    private static func number(_ text: String, _ option: String, _ range: ClosedRange<Int>) throws(Diagnostic) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw Diagnostic(.usage, "\(option) takes a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
