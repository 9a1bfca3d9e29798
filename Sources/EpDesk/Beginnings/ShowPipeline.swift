import EpCore
import EpFiles
public import EpPlan

/// The stages of a show as they are written, for who looks at them without a build.
public struct ShowPipeline {
    /// What stands in its `pipeline.yaml`, or in that of the pipeline that it takes over; nil if that cannot be read.
    public let node: Node?
    /// The pipeline that it takes over; nil if it has its own stages.
    public let shipped: ShippedPipeline?

    /// - Parameter show: the show's directory.
    public init(of show: String, shipped: [ShippedPipeline]) {
        let blueprint = try? Node(fileAt: "\(show)/show.yaml")
        self.shipped = blueprint.flatMap { (try? ShippedPipeline.named(in: $0, of: shipped)) ?? nil }
        if let bytes = self.shipped?.files.first(where: { $0.path == ShippedPipeline.ownFile })?.bytes {
            node = try? Node(parsing: bytes, file: ShippedPipeline.ownFile)
        } else {
            node = try? Node(fileAt: "\(show)/\(ShippedPipeline.ownFile)")
        }
    }
}
