import EpCore
import EpFiles
import EpPlan
import Glibc

/// Where the stages of a show stand: in its own `pipeline.yaml`, or in a pipeline that ships with epbuild.
///
/// What ships is written below `.epbuild/pipelines/`, as plain files: so messages have places that a person can open, and memos see
/// that a file is gone. They cannot be written to, as the next build would write over that.
struct PipelineFile {
    /// Its directory, absolute: what the stages name is looked for there when neither the episode nor the show has it.
    let directory: String
    let path: String

    /// - Throws: `Diagnostic` if the show has no stages, two sets of them, or names a pipeline that there is not.
    init(of show: Node, at place: EpisodePlace, shipped: [ShippedPipeline], sources: SourceFiles) throws {
        let own = "\(place.show)/\(ShippedPipeline.ownFile)"
        let hasOwn = try sources.file(own) != nil
        guard let pipeline = try ShippedPipeline.named(in: show, of: shipped) else {
            guard hasOwn else {
                let near = Discovery.misspelt(ShippedPipeline.ownFile, in: place.show).map { "rename \(sources.shown($0))" }
                throw Diagnostic(
                    .badInput, "there is no \(sources.shown(own))",
                    remedy: near ?? "write the stages of the show into it, or have show.yaml name a pipeline that ships with epbuild: "
                        + shipped.map { "`pipeline: \($0.name)`" }.joined(separator: ", "))
            }
            (directory, path) = (place.show, own)
            return
        }
        if hasOwn {
            throw Diagnostic(
                .badInput, "the show takes over the pipeline \"\(pipeline.name)\", and has a \(ShippedPipeline.ownFile) of its own",
                at: show["pipeline"]?.location,
                remedy: "take out `pipeline:`, or remove \(sources.shown(own))")
        }
        directory = "\(place.stateDirectory)/pipelines/\(pipeline.name)"
        path = "\(directory)/\(ShippedPipeline.ownFile)"
        for file in pipeline.files { try Self.write(file.bytes, to: "\(directory)/\(file.path)") }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        if let there = try? Files.read(path), there == bytes { return }
        try Files.makeDirectory(above: path)
        try Files.replace(path, with: bytes)
        chmod(path, 0o444)
    }
}
