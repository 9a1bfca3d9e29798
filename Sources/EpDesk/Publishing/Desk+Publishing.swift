public import EpCore
public import EpEngine
import EpFiles
public import EpPlan

/// Publishing: what is delivered goes where the public reads it. Nothing is built.
extension Desk {
    /// Puts what is delivered of episodes, and their show's feed, at a place: only what changed, the feed last.
    ///
    /// It can be killed at any moment: no feed names then what is not there, and the same call goes on from there.
    /// - Parameters:
    ///   - places: episodes of one show.
    ///   - show: that show.
    ///   - progress: is told of each file, from any thread.
    /// - Throws: `Diagnostic` if there is nothing to publish, the feed names what is not there, or the place does not do its part.
    public func publish(
        _ places: [EpisodePlace], of show: EpisodePlace, to place: any PublicPlace, _ options: PublishOptions = PublishOptions(),
        progress: @escaping @Sendable (PublishProgress) -> Void = { _ in }
    ) async throws -> PublishAnswer {
        let title = builder.shown(show)
        let delivered = try DeliveredShow(show, asking: places)
        var list = try await place.read(PublishedList.path).map { PublishedList($0) } ?? PublishedList()
        if let other = list.show, other != delivered.identity {
            throw Diagnostic(
                .usage, "another show is published at \(place.name): \(other)",
                remedy: "give each show a place of its own, such as \(place.name)/\(Path(show.directory).parts.last ?? "show")")
        }
        let publication = try Publication(
            delivered.parts, show: delivered.files, feeds: delivered.feeds, names: delivered.names, before: list, shownAs: title)
        guard !(publication.files + publication.feeds).isEmpty else {
            throw Diagnostic(
                .usage, "nothing of \(title) is delivered here\(publication.unnamed.isEmpty ? "" : " that the feed names")",
                remedy: "build it: epbuild \(title)")
        }
        list.show = delivered.identity
        let run = PublishRun(place: place, options: options, progress: progress, total: publication.files.count + publication.feeds.count)
        try await run.put(publication, &list)
        let removed = try await run.end(publication, &list)
        return PublishAnswer(
            place: place.name, put: run.written, unchanged: run.total - run.written.count,
            leftOut: publication.unnamed.map { $0.text.isEmpty ? title : $0.text },
            stale: publication.stale.map(\.text), removed: removed, isDryRun: options.isDryRun)
    }

    /// Where a show says that it is published; nil if it says nothing.
    /// - Throws: `Diagnostic` or `DiagnosticList` if what it says is wrong.
    public func publishSettings(of show: EpisodePlace) throws -> PublishSettings? {
        let path = "\(show.directory)/show.yaml"
        guard let bytes = try Files.read(path) else { return nil }
        return try Node(parsing: bytes, file: "\(builder.shown(show))/show.yaml")["publish"].map { try PublishSettings($0) }
    }
}
