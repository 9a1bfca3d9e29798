import EpCore
import EpDelivery
import EpPlan

/// The picture of a show in its feed: `cover:` of `show.yaml`, a file or a web address, else a stage that the feed reads.
struct FeedCover {
    /// Where it lies on the web; nil if there is none.
    let address: String?
    /// What is delivered beside the feed.
    let files: [ArtifactRef]

    /// - Parameter media: where the show's directory lies on the web.
    /// - Returns: nil if it is not made yet.
    static func find(_ stage: StageContext, media: String) throws -> FeedCover? {
        guard let text = PodcastFacts.text(stage.blueprint["cover"]) else {
            guard let upstreams = try stage.upstreams() else { return nil }
            let pictures = upstreams.flatMap(\.artifacts.files)
            guard pictures.count < 2 else {
                throw Diagnostic(
                    .badInput, "a feed has one cover, and here are \(pictures.count) files", at: stage.stage.location,
                    remedy: "let `from` name one picture")
            }
            return try delivered(pictures.first, stage, media)
        }
        let place = stage.show.node["cover"]?.location
        if let address = WebAddress(text) {
            if address.isLocal {
                stage.warn(
                    "`cover` is an address that only this machine or its network knows", at: place,
                    remedy: "write `cover: https://…`, or the name of a file of the show")
            }
            return FeedCover(address: address.text, files: [])
        }
        return try delivered(ArtifactRef(name: text, source: .file(stage.showFile(text, at: place))), stage, media)
    }

    private static func delivered(_ picture: ArtifactRef?, _ stage: StageContext, _ media: String) throws -> FeedCover? {
        guard let picture else { return FeedCover(address: nil, files: []) }
        return try stage.cover(picture, shown: picture.name).map { ending in
            FeedCover(address: "\(media)/out/cover.\(ending)", files: [ArtifactRef(name: "cover.\(ending)", source: picture.source)])
        }
    }
}
