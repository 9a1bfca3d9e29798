import EpCore
import EpDelivery
import EpImport

/// What is wanted of a feed's channel: by the RSS 2.0 specification, Apple's "Podcast RSS feed requirements", and the podcast namespace.
enum FeedRules {
    /// Who wants what every reader of feeds needs.
    static let everyone = "feed"

    static func whole(_ channel: XMLElement, _ name: String) -> [Finding] {
        let (language, link) = (channel.line("language"), channel.line("link"))
        return [
            text("title", of: channel, at: name, remedy: "set `title` in show.yaml"),
            text("description", of: channel, at: name, remedy: "set `description` in show.yaml"),
            Finding(
                everyone, "language", language.wholeMatch(of: /[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*/) != nil ? .pass : .fail,
                measured: language.isEmpty ? "none" : language,
                wanted: "a code such as en or en-GB", place: name, remedy: "set `language` in show.yaml"),
            address("link", link, at: name, remedy: "set `link` in show.yaml"),
            Finding(
                everyone, "episodes", channel.first("item") == nil ? .fail : .pass, measured: "\(channel.all("item").count)",
                wanted: "one at least", place: name,
                remedy: "build an episode that is to be published"),
        ]
    }

    static func apple(_ channel: XMLElement, _ name: String) -> [Finding] {
        let platform = Platform.apple.rawValue
        let (author, explicit) = (channel.line("itunes:author"), channel.line("itunes:explicit"))
        let owner = channel.first("itunes:owner")?.line("itunes:email") ?? ""
        let long = channel.first("description").map { $0.text.count } ?? 0
        let picture = channel.first("itunes:image")?.attributes["href"] ?? ""
        return [
            Finding(
                platform, "cover", isPublic(picture) ? .pass : .fail, measured: picture.isEmpty ? "none" : picture,
                wanted: "the address of a square picture", place: name,
                remedy: "set `cover` and `media_url` in show.yaml"),
            category(channel, name),
            Finding(
                platform, "explicit", ["true", "false"].contains(explicit) ? .pass : .fail, measured: explicit.isEmpty ? "none" : explicit,
                wanted: "true or false", place: name,
                remedy: "set `explicit` in show.yaml"),
            Finding(
                platform, "author", author.isEmpty ? .fail : .pass, measured: author.isEmpty ? "none" : author, wanted: "a name",
                place: name, remedy: "set `author` in show.yaml"),
            // Apple takes a feed without; Spotify and most hosts send the proof of ownership there.
            Finding(
                platform, "owner", owner.contains("@") ? .pass : .note, measured: owner.isEmpty ? "none" : owner,
                wanted: "an address of e-mail", place: name,
                remedy: "set `owner: { name: …, email: … }` in show.yaml"),
            Finding(
                platform, "length of the description", long <= 4000 ? .pass : .fail, measured: "\(long) characters",
                wanted: "at most 4,000 characters", place: name,
                remedy: "shorten `description` in show.yaml"),
        ]
    }

    private static func category(_ channel: XMLElement, _ name: String) -> Finding {
        let written = channel.all("itunes:category").map { category in
            ([category] + category.all("itunes:category")).compactMap { $0.attributes["text"] }.joined(separator: " > ")
        }
        let unknown = written.first { ShowFacts.Category(apple: $0) == nil }
        return Finding(
            Platform.apple.rawValue, "category", written.isEmpty || unknown != nil ? .fail : .pass,
            measured: unknown ?? (written.isEmpty ? "none" : written.joined(separator: ", ")),
            wanted: "one of Apple's", place: name,
            remedy: unknown.map { "\(ShowFacts.Category.remedy(for: $0)): correct `category` in show.yaml" }
                ?? "set `category` in show.yaml")
    }

    static func podcasting(_ channel: XMLElement, _ name: String) -> [Finding] {
        let guid = channel.line("podcast:guid")
        let isUUID = guid.wholeMatch(of: /[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/) != nil
        return [
            Finding(
                Platform.podcasting.rawValue, "guid of the show", isUUID ? .pass : .note, measured: guid.isEmpty ? "none" : guid,
                wanted: "a UUID that stays when the feed moves", place: name,
                remedy: "set `guid` in show.yaml")
        ]
    }

    // MARK: with

    static func text(_ tag: String, of element: XMLElement, at place: String, remedy: String) -> Finding {
        let text = element.line(tag)
        return Finding(
            everyone, tag, text.isEmpty ? .fail : .pass, measured: text.isEmpty ? "none" : String(text.prefix(60)), wanted: "a \(tag)",
            place: place, remedy: remedy)
    }

    static func address(_ rule: String, _ address: String, at place: String, remedy: String) -> Finding {
        Finding(
            everyone, rule, isPublic(address) ? .pass : .fail, measured: address.isEmpty ? "none" : address,
            wanted: "an address that everybody can reach", place: place,
            remedy: remedy)
    }

    private static func isPublic(_ address: String) -> Bool { WebAddress(address)?.isLocal == false }

    /// RFC 822 with four digits for the year, as RSS has it.
    static func isDate(_ text: String) -> Bool {
        let date =
            #/
            (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\ )?
            \d{1,2}\ (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\ \d{4}\ [0-2]\d:[0-5]\d(?::[0-5]\d)?\ (?:[+-]\d{4}|[A-Z]{1,4})
            /#
        return text.wholeMatch(of: date) != nil
    }
}

extension XMLElement {
    /// The text of the first child of a name, in one line; "" if there is none.
    func line(_ tag: String) -> String { (first(tag)?.text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
