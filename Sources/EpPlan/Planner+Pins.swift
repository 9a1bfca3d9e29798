import EpCore

/// Pins put a stored result in place of what a stage would make.
extension Planner {
    /// The artifacts of a stage that is pinned as a whole.
    func pinned(_ stage: StageDefinition) -> StageArtifacts? {
        guard stage.each == nil, let pin = progress.pins(of: stage.name).first(where: { $0.item == nil }) else { return nil }
        return StageArtifacts(isFanOut: false, items: [ItemArtifacts(item: nil, element: nil, files: pinnedFiles(pin, stage, item: nil))])
    }

    /// The pins of a fan-out stage, by the index of the element that each belongs to now.
    func pins(of stage: StageDefinition, among elements: [Element]) -> [Int: Pin] {
        let pins = progress.pins(of: stage.name).filter { $0.item != nil }
        guard !pins.isEmpty else { return [:] }
        let places = ItemPlace.all(of: elements)
        let found = ItemPlace.find(pins.map { ($0.place, ItemPlace.number(of: $0.item)) }, among: places)
        var placed: [Int: Pin] = [:]
        for (pin, index) in zip(pins, found) {
            let target = Target(stage: stage.name, item: pin.item)
            if let index { placed[index] = pin } else { lostPins.insert(target) }
            pinPlaces[target] = index.map { places[$0] } ?? pin.place.withoutNeighbours
        }
        return placed
    }

    func pinnedFiles(_ pin: Pin, _ stage: StageDefinition, item: String?) -> [ArtifactRef] {
        let target = Target(stage: stage.name, item: item)
        pinnedTargets.insert(target)
        return pin.files.map { file in
            let step = add(Step(
                target: target, tool: stage.tool, name: pin.files.count == 1 ? "pinned" : "pinned \(file.name)", operation: .stored(file.action),
                inputs: [], outputs: [file.path], platform: [:], pool: .cpu, at: stage.location))
            return ArtifactRef(name: file.name, source: .output(step, path: file.path))
        }
    }
}
