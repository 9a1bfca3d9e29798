public import EpCore

/// What went wrong with a request, as RFC 9457 has it, with the codes that epbuild has everywhere.
public struct Problem: Error, Sendable {
    public let status: Int
    public let title: String
    /// Of what epbuild itself has to say; none if HTTP says it all.
    public let diagnostics: [Diagnostic]
    public var headers: [(name: String, value: String)] = []

    public init(_ status: Int, _ title: String, headers: [(name: String, value: String)] = []) {
        (self.status, self.title, diagnostics, self.headers) = (status, title, [], headers)
    }

    /// Of an error of the desk.
    public init(_ error: any Error) {
        if let problem = error as? Problem { self = problem; return }
        let found = [Diagnostic](describing: error)
        diagnostics = found
        title = found.first?.message ?? "something went wrong"
        status = found.first.map { Self.status(of: $0) } ?? 500
    }

    private static func status(of problem: Diagnostic) -> Int {
        switch problem.code {
        case .usage: problem.message.hasSuffix("changed meanwhile") ? 409 : problem.message.hasPrefix("there is no") ? 404 : 422
        case .badInput: 422
        case .overBudget, .paused, .approvalOverdue, .spendLimit: 409
        case .unavailable, .keyRejected, .remote, .providerFailed: 503
        case .actionFailed, .badAnswer, .refused, .tooLong: 422
        case .system, .damagedCache: 500
        }
    }

    public var value: Value {
        let first = diagnostics.first
        var members: [Value.Member] = [
            .init("type", .string(first.map { "https://epbuild.invalid/errors/\($0.code.id)" } ?? "about:blank")),
            .init("title", .string(title)), .init("status", .int(Int64(status))),
        ]
        if let first {
            members += [.init("code", .string(first.code.rawValue)), .init("id", .string(first.code.id))]
            if let remedy = first.remedy { members.append(.init("remedy", .string(remedy))) }
            if let place = first.location { members += [.init("file", .string(place.file)), .init("line", .int(Int64(place.line)))] }
            if diagnostics.count > 1 { members.append(.init("problems", .list(diagnostics.map { .string("\($0)") }))) }
        }
        return .object(members)
    }

    public var answer: Answer {
        var answer = Answer.text(value.json() + "\n", "application/problem+json", status: status)
        answer.headers += headers
        return answer
    }
}
