import EpCore
import EpComposition
import EpFiles
import Glibc
import ServerCore

/// Where a server can be reached, and by whom: what all of them are started with.
struct Reach {
    var port: Int
    var address = "127.0.0.1"
    /// What clients send as `Host`; none: the loopback names.
    var names: [String] = []
    var isBehindProxy = false
    var usersFile: String?

    init(port: Int) { self.port = port }

    /// Takes an option, with its value, if it is one of these.
    mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(Diagnostic) -> Bool {
        switch word {
        case "--port": port = try OptionValue.number(&rest, word, 0...65_535)
        case "--bind": address = try OptionValue.text(&rest, word)
        case "--host": names.append(try OptionValue.text(&rest, word))
        case "--behind-proxy": isBehindProxy = true
        case "--users": usersFile = try OptionValue.text(&rest, word)
        default: return false
        }
        return true
    }

    func check() throws(Diagnostic) {
        let isLoopback = address.hasPrefix("127.") || address == "::1" || address == "localhost"
        if !isLoopback, !isBehindProxy {
            throw Diagnostic(
                .usage, "\(address) can be reached by others, and the server speaks no TLS",
                remedy: "put a proxy with TLS before it, and say --behind-proxy")
        }
        if isBehindProxy, names.isEmpty {
            throw Diagnostic(
                .usage, "behind a proxy the server must know its name", remedy: "--host studio.example.org, as clients send it")
        }
    }

    /// - Parameter port: that the server listens at.
    func authorities(port: Int) -> Doorkeeper.Address {
        names.isEmpty ? Doorkeeper.Address(loopback: port) : Doorkeeper.Address(names, port: port, isSecure: isBehindProxy)
    }

    /// By which people reach it.
    func url(port: Int) -> String { names.first.map { "\(isBehindProxy ? "https" : "http")://\($0)" } ?? "http://127.0.0.1:\(port)" }

    /// The file's users, or the one person who has started the server, with a token.
    func users() throws -> (Users, token: String?) {
        if let path = usersFile {
            guard let bytes = try Files.read(path) else { throw Diagnostic(.usage, "there is no \(path)") }
            guard !Files.isOpenToOthers(path) else { throw Diagnostic(.usage, "others can read \(path)", remedy: "chmod 600 \(path)") }
            return (try Users(parsing: bytes, file: path), nil)
        }
        let token = Setting.variable("EPBUILD_SERVER_TOKEN") ?? SecretText.random()
        let users = try Users(token: token, user: User(name: Setting.userName, role: .admin))
        // What steps run sees this process's environment, and is not to see this.
        unsetenv("EPBUILD_SERVER_TOKEN")
        return (users, token)
    }
}

/// What follows an option.
enum OptionValue {
    static func text(_ rest: inout ArraySlice<String>, _ option: String) throws(Diagnostic) -> String {
        guard let value = rest.popFirst() else { throw Diagnostic(.usage, "\(option) takes a value") }
        return value
    }

    static func number(_ rest: inout ArraySlice<String>, _ option: String, _ range: ClosedRange<Int>) throws(Diagnostic) -> Int {
        guard let number = Int(try text(&rest, option)), range.contains(number) else {
            throw Diagnostic(.usage, "\(option) takes a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
