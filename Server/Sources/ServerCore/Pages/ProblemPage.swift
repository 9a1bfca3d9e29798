import EpCore

/// What stands in the place of a page that there is not.
struct ProblemPage {
    let problem: Problem
    /// Where somebody may want to go on.
    let back: (path: String, name: String)

    /// - Parameter episode: whose page it was to be, as URLs name it.
    init(_ problem: Problem, episode: String? = nil) {
        self.problem = problem
        back = episode.map { ("/episodes/\(PercentText.encoded($0))", "Back to the episode") } ?? ("/", "To the inbox")
    }

    var answer: Answer {
        let title = Self.titles[problem.status] ?? (problem.status < 500 ? "That cannot be done" : "The server cannot do that now")
        let lines =
            problem.diagnostics.isEmpty
            ? [HTML.tag("p", [:], HTML(problem.title))]
            : problem.diagnostics.map { found in
                HTML.tag(
                    "p", [:], HTML("\(found.location.map { "\($0): " } ?? "")\(found.message)"),
                    found.remedy.map { HTML(" → \($0)") } ?? .nothing)
            }
        let way = problem.status == 401 ? Self.entrance : .tag("p", [:], .link(back.path, back.name))
        let body = HTML.tag("body", [:], .tag("main", ["id": "main"], [.tag("h1", [:], HTML(title))] + lines + [way]))
        var answer = Answer.page(HTML.document(Page.head(title), body), status: problem.status)
        answer.headers += problem.headers
        return answer
    }

    private static let titles = [
        401: "Who are you?", 403: "That is not for you", 404: "There is no such page", 405: "There is no such page",
        409: "Something has changed meanwhile", 421: "Another name", 429: "Too often",
    ]

    /// For who has a token and not the link.
    private static let entrance = HTML.tag(
        "form", ["method": "get", "action": "/open"], .tag("label", ["for": "token"], "Token "),
        .tag("input", ["id": "token", "name": "token", "type": "password", "autocomplete": "off", "required": ""]), Pieces.button("Open"))
}

/// What is left to a browser after its session.
struct ClosedPage {
    var answer: Answer {
        let body = HTML.tag(
            "body", [:],
            .tag("main", [:], .tag("h1", [:], "Signed out"), .tag("p", [:], "To come back, open the link that the server has printed.")))
        return .page(HTML.document(Page.head("Signed out"), body))
    }
}

/// Leads on to the inbox after a token was shown. It holds nothing of the token.
struct OpenPage {
    var answer: Answer {
        let body = HTML.tag("body", [:], .tag("main", [:], .tag("h1", [:], "Welcome"), .tag("p", [:], .link("/", "To the inbox"))))
        return .page(HTML.document(Page.head("Welcome", .tag("meta", ["http-equiv": "refresh", "content": "0;url=/"])), body))
    }
}
