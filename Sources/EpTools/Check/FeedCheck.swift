public import EpCore
public import EpDelivery
import EpImport

/// Checks a feed that stands in a file, whoever has made it: RSS 2.0 with the tags of Apple (`itunes:`) and Podcasting 2.0 (`podcast:`).
public struct FeedCheck {
    /// How long the files are that an episode of the feed may be, by the last part of its address.
    public typealias Sizes = (_ name: String) -> [Int]

    private let name: String
    private let channel: XMLElement
    private let sizes: Sizes
    private var items: [XMLElement] { channel.all("item") }

    /// - Parameters:
    ///   - name: what findings call the feed.
    ///   - sizes: of all files of a name that lie here, in bytes: two seasons may each have one.
    /// - Throws: `Diagnostic` (`bad_input`) if it is no feed.
    public init(_ bytes: [UInt8], called name: String, sizes: @escaping Sizes) throws(Diagnostic) {
        let root: XMLElement
        do throws(XMLElement.Problem) {
            root = try XMLElement(parsing: bytes)
        } catch {
            throw Diagnostic(.badInput, "\(name) \(error.what)", remedy: "build the show again, or have whoever makes the feed write XML")
        }
        guard root.name == "rss", root.attributes["version"] == "2.0", let channel = root.first("channel") else {
            throw Diagnostic(
                .badInput, "\(name) is no feed: it begins with <\(root.name)>, not with <rss version=\"2.0\"> and a <channel>",
                remedy: "name the show's feed.xml")
        }
        (self.name, self.channel, self.sizes) = (name, channel, sizes)
    }

    /// - Parameter platforms: for whom beside what every feed must meet; nil: for all that read feeds.
    public func findings(for platforms: [Platform]? = nil) -> [Finding] {
        let all =
            FeedRules.whole(channel, name) + items.flatMap(whole) + [guids] + FeedRules.apple(channel, name) + items.flatMap(apple)
            + FeedRules.podcasting(channel, name)
            + items.map(transcript)
        guard let platforms else { return all }
        return all.filter { finding in finding.platform == FeedRules.everyone || platforms.contains { $0.rawValue == finding.platform } }
    }

    // MARK: episodes

    private func place(of item: XMLElement) -> String {
        let title = item.line("title")
        return "\(name), \(title.isEmpty ? "an episode without a title" : "“\(title)”")"
    }

    private func whole(_ item: XMLElement) -> [Finding] {
        let place = place(of: item)
        let date = item.line("pubDate")
        return [
            FeedRules.text("title", of: item, at: place, remedy: "set `title` in episode.yaml"),
            Finding(
                FeedRules.everyone, "date", FeedRules.isDate(date) ? .pass : .fail, measured: date.isEmpty ? "none" : date,
                wanted: "a date such as Sat, 07 Nov 2026 06:00:00 GMT",
                place: place, remedy: "set `date` in episode.yaml"),
        ] + enclosure(of: item, place)
    }

    private func enclosure(of item: XMLElement, _ place: String) -> [Finding] {
        guard let enclosure = item.first("enclosure") else {
            return [
                Finding(
                    FeedRules.everyone, "file", .fail, measured: "none", wanted: "an enclosure", place: place,
                    remedy: "build the episode: only what has a sound can be heard")
            ]
        }
        let (address, type) = (enclosure.attributes["url"] ?? "", enclosure.attributes["type"] ?? "")
        let isMedia = ["audio/", "video/"].contains { type.hasPrefix($0) }
        var findings = [
            FeedRules.address("address of the file", address, at: place, remedy: "set `media_url` in show.yaml"),
            Finding(
                FeedRules.everyone, "type of the file", isMedia ? .pass : .fail, measured: type.isEmpty ? "none" : type,
                wanted: "audio/… or video/…", place: place,
                remedy: "name the media type of the file"),
        ]
        let told = enclosure.attributes["length"].flatMap { Int($0) } ?? 0
        let file = String((address.split(separator: "/").last ?? "").prefix { !"?#".contains($0) })
        let real = sizes(file.percentDecoded)
        findings.append(
            Finding(
                FeedRules.everyone, "length of the file", told > 0 && (real.isEmpty || real.contains(told)) ? .pass : .fail,
                measured: "\(told) bytes",
                wanted: real.first.map { "\($0) bytes, as \(file) has" } ?? "its bytes", place: place, remedy: "build the show again"))
        return findings
    }

    private var guids: Finding {
        let all = items.map { $0.line("guid") }
        let twice = Dictionary(grouping: all) { $0 }.filter { $0.key.isEmpty || $0.value.count > 1 }.keys.min()
        let measured = twice.map { $0.isEmpty ? "an episode without one" : "\($0) more than once" } ?? "one each"
        return Finding(
            FeedRules.everyone, "guid", twice == nil ? .pass : .fail, measured: measured, wanted: "one for each episode, and no other's",
            place: name,
            remedy: "give each episode a `guid` of its own")
    }

    private func apple(_ item: XMLElement) -> [Finding] {
        let duration = item.line("itunes:duration")
        let isTime = duration.wholeMatch(of: /\d+|(?:\d+:)?[0-5]?\d:[0-5]\d/) != nil
        return [
            Finding(
                Platform.apple.rawValue, "duration", isTime ? .pass : .fail, measured: duration.isEmpty ? "none" : duration,
                wanted: "seconds, or 1:02:03", place: place(of: item),
                remedy: "build the show again")
        ]
    }

    private func transcript(_ item: XMLElement) -> Finding {
        let types = item.all("podcast:transcript").compactMap { $0.attributes["type"] }
        return Finding(
            Platform.podcasting.rawValue, "transcript", types.isEmpty ? .note : .pass,
            measured: types.isEmpty ? "none" : types.joined(separator: ", "),
            wanted: "a transcript of the episode", place: place(of: item), remedy: "have `package` deliver one")
    }
}
