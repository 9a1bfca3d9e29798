import EpCore
import EpEngine
import EpText

/// What all pages have: the way around, the state of the connection, style and script.
struct Page {
    let title: String
    let user: User
    let formKey: String
    /// Which entry of the way around this is.
    let path: String
    let content: [HTML]

    var answer: Answer { .page(HTML.document(Self.head(title), body)) }

    static func head(_ title: String, _ more: HTML = .nothing) -> HTML {
        .tag(
            "head", [:], .tag("meta", ["charset": "utf-8"]),
            .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .tag("meta", ["name": "color-scheme", "content": "light dark"]), .tag("title", [:], HTML("\(title) · epbuild")),
            .tag("link", ["rel": "stylesheet", "href": "/assets/style.css"]), .tag("link", ["rel": "icon", "href": "/assets/icon.svg"]),
            .tag("script", ["type": "module", "src": "/assets/live.js"]), more)
    }

    private var body: HTML {
        let entries = [("/", "Inbox"), ("/episodes", "Episodes"), ("/builds", "Builds"), ("/money", "Money"), ("/health", "Health")]
        let links = entries.map { target, name in
            HTML.tag("li", [:], .tag("a", ["href": target, "aria-current": target == path ? "page" : nil], HTML(name)))
        }
        return .tag(
            "body", ["data-key": formKey],
            .tag("a", ["class": "skip", "href": "#main"], "Skip to the content"),
            .tag(
                "header", [:], .tag("nav", ["aria-label": "Pages"], .tag("ul", [:], links)),
                .tag("p", ["class": "who"], HTML("\(user.name), \(user.role.rawValue)")), leaving,
                .tag("button", ["type": "button", "id": "keys-open", "hidden": ""], "Keyboard"),
                .tag("p", ["id": "connection", "role": "status"])),
            .tag("main", ["id": "main", "tabindex": "-1"], [.tag("h1", [:], HTML(title))] + content), Self.keys)
    }

    /// What keys do. It is opened by script, without which there are none.
    private static let keys: HTML = {
        let known = [
            ("j, k", "next and previous entry"), ("n", "next entry that is stale, missing, failed, in doubt or waits"),
            ("p", "play or pause"), ("w", "write: change the line, or the note"),
            ("Escape", "leave what is written"), ("Ctrl-Enter", "send what is written: save, or approve"),
            ("g then i, e, b, m, h", "inbox, episodes, builds, money, health"), ("?", "this"),
        ]
        return .tag(
            "dialog", ["id": "keys", "aria-labelledby": "keys-title"], .tag("h2", ["id": "keys-title"], "Keyboard"),
            .tag("dl", [:], known.flatMap { [HTML.tag("dt", [:], .tag("kbd", [:], HTML($0.0))), .tag("dd", [:], HTML($0.1))] }),
            .tag("label", ["class": "check"], .tag("input", ["type": "checkbox", "id": "keys-on", "checked": ""]), " single keys"),
            .tag("form", ["method": "dialog"], Pieces.button("Close")))
    }()
}

extension Page {
    /// Nothing for who has come by a token without a session.
    private var leaving: HTML {
        guard !formKey.isEmpty else { return .nothing }
        return .tag(
            "form", ["method": "post", "action": "/close"], .tag("input", ["type": "hidden", "name": "key", "value": formKey]),
            Pieces.button("Sign out"))
    }
}

/// Pieces that several pages have.
struct Pieces {
    let call: Service.Call

    var formKey: String { call.visitor?.formKey ?? "" }
    func may(_ role: Role) -> Bool { call.user.role >= role && call.visitor?.formKey != nil }

    func page(_ title: String, _ path: String, _ content: [HTML]) -> Answer {
        Page(title: title, user: call.user, formKey: formKey, path: path, content: content).answer
    }

    /// A form that works without script.
    func form(_ path: String, _ hidden: KeyValuePairs<String, String> = [:], class name: String? = nil, _ children: HTML...) -> HTML {
        let fields = [("key", formKey)] + hidden.map { ($0.key, $0.value) }
        return .tag(
            "form", ["method": "post", "action": path, "class": name],
            fields.map { .tag("input", ["type": "hidden", "name": $0.0, "value": $0.1]) } + children)
    }

    static func button(_ text: String, _ name: String? = nil, _ value: String? = nil, label: String? = nil) -> HTML {
        .tag("button", ["type": "submit", "name": name, "value": value, "aria-label": label], HTML(text))
    }

    /// A state as a word with a shape: colour says nothing that these do not.
    static func state(_ word: String) -> HTML {
        let (shape, kind) = shape(word)
        return .tag("span", ["class": "state \(kind)"], .tag("span", ["aria-hidden": "true"], HTML(shape)), HTML(" \(word)"))
    }

    /// And the class of its colour.
    static func shape(_ word: String) -> (shape: String, kind: String) { shapes[word] ?? ("◌", "other") }

    private static let shapes: [String: (String, String)] = [
        "up to date": ("●", "good"), "upToDate": ("●", "good"), "built": ("●", "good"), "source": ("●", "good"), "closed": ("●", "good"),
        "stale": ("◐", "due"), "missing": ("○", "due"), "queued": ("○", "due"), "waiting": ("▲", "asks"), "open": ("▲", "asks"),
        "overdue": ("▲", "asks"), "rejected": ("▼", "asks"), "blocked": ("■", "blocked"), "not known yet": ("◌", "other"),
        "running": ("▶", "due"), "paused": ("‖", "asks"), "failed": ("✕", "bad"), "broken": ("✕", "bad"), "cancelled": ("✕", "other"),
        "ok": ("●", "good"), "may be asked": ("●", "good"), "warning": ("◐", "due"), "has no key": ("○", "due"),
        "edited": ("✎", "good"), "edited, upstream changed": ("✎", "asks"), "conflicting": ("✕", "bad"),
    ]

    static func section(_ title: String, _ children: [HTML]) -> HTML { .tag("section", [:], [.tag("h2", [:], HTML(title))] + children) }

    static func table(_ caption: String, _ heads: [String], _ rows: [[HTML]]) -> HTML {
        let head = HTML.tag("thead", [:], .tag("tr", [:], heads.map { .tag("th", ["scope": "col"], HTML($0)) }))
        let body = HTML.tag("tbody", [:], rows.map { row in .tag("tr", [:], row.map { .tag("td", [:], $0) }) })
        return .tag(
            "div", ["class": "scroll", "role": "region", "aria-label": caption, "tabindex": "0"],
            .tag("table", [:], .tag("caption", [:], HTML(caption)), head, body))
    }

    /// The first rows of a table that a build has made; its first row names the columns.
    private static func sheet(_ found: CSVTable, _ label: String) -> HTML {
        let rows = found.rows.map(\.cells)
        let width = rows.map(\.count).max() ?? 0
        let cells = rows.map { row in (row + Array(repeating: "", count: width - row.count)).map { HTML($0) } }
        return table(label, rows.first ?? [], Array(cells.dropFirst()))
    }

    static func money(_ cost: Cost) -> String { cost == .zero ? "$0" : cost.text }

    /// What stands in the episode by a person's hand.
    static func edit(_ text: EpisodeText) -> HTML {
        .tag(
            "figure", [:], .tag("figcaption", [:], HTML("\(text.target) · \(text.file), edited by hand")),
            .tag(
                "pre", ["tabindex": "0", "aria-label": "\(text.target) as it is edited"],
                HTML(String(decoding: text.bytes, as: UTF8.self))))
    }

    /// An artifact to be read, heard or seen.
    /// - Parameter isOneOfMany: nothing of a sound is fetched before somebody sees or hears it.
    static func media(_ blob: MadeBlob, text: String? = nil, isOneOfMany: Bool = false) -> HTML {
        let label = "\(blob.target) \(blob.name)"
        if blob.media.isSound {
            let preload = isOneOfMany ? "none" : "metadata"
            return .tag("audio", ["controls": "", "preload": preload, "src": blob.path, "aria-label": label])
        }
        if blob.media.isFilm { return .tag("video", ["controls": "", "preload": "metadata", "src": blob.path, "aria-label": label]) }
        if blob.media.isPicture { return .tag("img", ["src": blob.path, "alt": label, "loading": "lazy"]) }
        // A table with a quotation mark that is never closed is shown as its text: where its cells end, nobody can know.
        if let text, blob.name.lowercased().hasSuffix(".csv"), let found = try? CSVTable(text, limit: 201) { return sheet(found, label) }
        if let text { return .tag("pre", ["tabindex": "0", "aria-label": label], HTML(text)) }
        return .tag("a", ["href": blob.path, "download": ""], HTML("\(blob.name) (\(blob.digest.size) bytes)"))
    }
}
