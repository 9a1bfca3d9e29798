public import EpCore

/// A file that a stage delivers, and its name below `out/`.
public struct DeliveredFile: Sendable {
    public let file: ArtifactRef
    public let name: Path

    public init(file: ArtifactRef, name: Path) {
        self.file = file
        self.name = name
    }
}

/// What goes to `out/`.
extension Planner {
    public func isDelivered(_ stage: StageDefinition) -> Bool {
        guard case .tool(let tool) = stage.kind else { return stage.deliver ?? false }
        return stage.deliver ?? tools[tool]?.delivers ?? false
    }

    /// What is delivered, as far as it is known, in the order of the pipeline.
    public var deliveries: [DeliveredFile] {
        stages.filter(isDelivered).flatMap { stage in Self.deliveries(of: stage, items(of: stage.name)) }
    }

    /// Each item of a fan-out has a directory of its own, whatever other items there are, unless the stage wants their files side by side.
    private static func deliveries(of stage: StageDefinition, _ items: [ItemArtifacts]) -> [DeliveredFile] {
        items.flatMap { item in
            item.files.map { DeliveredFile(file: $0, name: deliveredName(of: $0, item: item.item, in: stage)) }
        }
    }

    public static func deliveredName(of file: ArtifactRef, item: String?, in stage: StageDefinition) -> Path {
        Path((item.map { stage.deliversFlat ? "\(stage.name)/" : "\(stage.name)/\($0)/" } ?? "") + file.name)
    }

    /// - Throws: `Diagnostic` if two files would have one name in `out/`, or one would be a directory of another.
    func checkDeliveries() throws(Diagnostic) {
        for stage in stages where isDelivered(stage) && !checkedDeliveries.contains(stage.name) {
            var names = deliveredNames
            for delivery in Self.deliveries(of: stage, items(of: stage.name)) { try names.add(delivery.name, of: stage) }
            guard artifacts[stage.name] != nil else { continue }
            deliveredNames = names
            checkedDeliveries.insert(stage.name)
        }
    }
}

/// The names that are taken in `out/`, and by which stage.
struct DeliveredNames {
    private var files: [Path: StageName] = [:]
    private var directories: [Path: StageName] = [:]

    /// - Throws: `Diagnostic` if the name is taken.
    mutating func add(_ name: Path, of stage: StageDefinition) throws(Diagnostic) {
        if DeliveryMark.isRecord(name) { throw clash(name, stage, "is where epbuild keeps what it has delivered") }
        if let other = files.updateValue(stage.name, forKey: name) {
            throw clash(name, stage, other == stage.name ? "is delivered twice" : "is delivered by \"\(other)\", too")
        }
        if let other = directories[name] { throw clash(name, stage, "is a directory, in which \"\(other)\" delivers") }
        var above = Path(name.parent)
        while !above.text.isEmpty, directories.updateValue(stage.name, forKey: above) != stage.name {
            if let other = files[above] { throw clash(above, stage, "is a file that \"\(other)\" delivers: nothing can lie below it") }
            above = Path(above.parent)
        }
    }

    private func clash(_ name: Path, _ stage: StageDefinition, _ why: String) -> Diagnostic {
        Diagnostic(
            .badInput, "stage \"\(stage.name)\" delivers out/\(name), which \(why)", at: stage.location,
            remedy: "give one of the files another name, or write `deliver: false` where it need not be in out/")
    }
}

/// The files in which epbuild keeps what it has delivered, below `out/`.
public enum DeliveryMark {
    public static let episode = ".delivered"
    /// Of what a show has once: its directory may be an episode's, too.
    public static let show = ".delivered-show"

    static func isRecord(_ name: Path) -> Bool { [Path(episode), Path(show)].contains(name) }
}
