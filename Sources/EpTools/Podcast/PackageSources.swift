import EpCore
import EpDelivery
import EpPlan
import EpProviders
import EpScript

/// What a package is made from: a mix, and a cover if there is one.
struct PackageSources {
    let timeline: ArtifactRef
    let parts: [ArtifactRef]
    let cover: ArtifactRef?
    /// In Markdown.
    let notes: String?
    let credits: Credits

    /// Endings of the names of pictures. What a picture is, its bytes tell.
    private static let pictures = ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "heic", "heif", "avif", "bmp", "tif", "tiff", "svg"]

    /// The script among the stages that are read; nil if it is not known yet.
    static func script(_ stage: StageContext) throws -> Script? {
        for reference in stage.stage.from {
            let files = try stage.artifacts(of: reference.stage)?.files
            guard let file = files?.first(where: { $0.fileExtension == "fountain" }) else { continue }
            return try stage.script(file, of: reference.stage)
        }
        guard try stage.upstreams() == nil else { throw incomplete(stage) }
        return nil
    }

    /// Nil if something is not known yet.
    init?(_ stage: StageContext, _ vendors: Vendors) throws {
        guard let upstreams = try stage.upstreams() else { return nil }
        var mix = OnlyOne<(stage: StageName, files: [ArtifactRef])>("a package has one mix")
        var (script, notes) = (OnlyOne<Void>("a package has one script"), OnlyOne<String>("a package has one text of notes"))
        var cover: ArtifactRef?
        for (name, artifacts) in upstreams {
            // The first file of a mix is its timeline, and its parts follow.
            if let first = artifacts.files.first, first.name == Self.timelineFile {
                let count = artifacts.files.count { $0.name == first.name }
                try mix.set((name, artifacts.files), of: name, count: count, in: stage)
                continue
            }
            var others: [ArtifactRef] = []
            for file in artifacts.files {
                if Self.pictures.contains(file.fileExtension) {
                    guard cover == nil else { throw Self.secondCover(of: name, in: stage) }
                    cover = file
                } else if file.fileExtension == "md" {
                    guard let text = try stage.value(of: file, of: name) else { return nil }
                    try notes.set(text.string ?? "", of: name, count: artifacts.count(of: "md"), in: stage)
                } else if file.fileExtension == "fountain" {
                    try script.set((), of: name, count: artifacts.count(of: "fountain"), in: stage)
                } else {
                    others.append(file)
                }
            }
            if let other = others.first { Self.warn(of: other, of: name, in: stage) }
        }
        guard let mix = mix.value, let timeline = mix.files.first else { throw Self.incomplete(stage) }
        guard let credits = try Credits(of: mix.stage, for: stage, vendors) else { return nil }
        self.timeline = timeline
        self.cover = cover
        self.notes = notes.value
        self.credits = credits
        parts = Array(mix.files.dropFirst())
    }

    /// As a mix calls it.
    private static let timelineFile = "timeline.json"

    private static func secondCover(of name: StageName, in stage: StageContext) -> Diagnostic {
        Diagnostic(
            .badInput, "a package has one cover, and \(name) is one too many", at: stage.stage.location,
            remedy: "let `from` name one picture")
    }

    private static func warn(of file: ArtifactRef, of name: StageName, in stage: StageContext) {
        stage.warn(
            "\(stage.stage.name) makes nothing of \(stage.shown(file, of: name))", at: stage.stage.location,
            remedy: "`from` of a package names a mix, a script, a cover and notes")
    }

    private static func incomplete(_ stage: StageContext) -> Diagnostic {
        Diagnostic(
            .badInput, "a package needs a mix and its script", at: stage.stage.location,
            remedy: "write `from: [MIX, SCRIPT]`, and a cover and notes if there are any")
    }

    /// The cover as it is delivered: the ending of its name tells what it is.
    /// - Returns: nil if it is not made yet.
    /// - Throws: `Diagnostic` if directories would refuse it.
    func pictures(named name: String, _ stage: StageContext) throws -> [ArtifactRef]? {
        guard let cover else { return [] }
        return try stage.cover(cover, shown: cover.name).map { [ArtifactRef(name: "\(name).\($0)", source: cover.source)] }
    }
}

extension StageContext {
    /// Checks a cover by what its bytes say.
    /// - Returns: the ending that its name is to have; nil if it is not made yet.
    /// - Throws: `Diagnostic` if directories would refuse it.
    func cover(_ file: ArtifactRef, shown: String) throws -> String? {
        guard let bytes = try bytes(of: file) else { return nil }
        let source: SourceFile? = if case .file(let source) = file.source { source } else { nil }
        // What stands in for a cover in a draft is nobody's.
        if let fault = CoverImage.fault(of: bytes), !isDraft {
            throw Diagnostic(
                .badInput, "the cover \(source?.shown ?? shown) \(fault)",
                at: source.map { SourceLocation(file: $0.shown) } ?? stage.location, remedy: CoverImage.remedy(of: bytes))
        }
        return CoverImage(bytes)?.format == .png ? "png" : "jpg"
    }
}
