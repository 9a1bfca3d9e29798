import EpCore

/// Pins put a stored result in place of what a stage would make.
extension Planner {
    /// The artifacts of a stage that is pinned as a whole.
    func pinned(_ stage: StageDefinition) -> StageArtifacts? {
        guard stage.each == nil, let pin = progress.pins(of: stage.name).first(where: { $0.item == nil }) else { return nil }
        return StageArtifacts(isFanOut: false, items: [ItemArtifacts(item: nil, element: nil, files: pinnedFiles(pin, stage, item: nil))])
    }

    /// The pins of a fan-out stage, by the index of the element that each belongs to now.
    ///
    /// A pin goes with its element's content; where that has changed, it stays between the same neighbours.
    func pins(of stage: StageDefinition, among elements: [Element]) -> [Int: Pin] {
        let pins = progress.pins(of: stage.name).filter { $0.item != nil }
        guard !pins.isEmpty else { return [:] }
        let anchors = elements.map(\.anchor)
        var placed: [Int: Pin] = [:]
        var moved: [Pin] = []
        // All that are still there have their places before any that have changed.
        for pin in pins {
            if let index = Self.unchanged(pin, among: anchors, taken: placed) { placed[index] = pin } else { moved.append(pin) }
        }
        for pin in moved {
            if let index = Self.changed(pin, among: anchors, taken: placed) {
                placed[index] = pin
            } else {
                lostPins.insert(Target(stage: stage.name, item: pin.item))
            }
        }
        return placed
    }

    func pinnedFiles(_ pin: Pin, _ stage: StageDefinition, item: String?) -> [ArtifactRef] {
        let target = Target(stage: stage.name, item: item)
        pinnedTargets.insert(target)
        return pin.files.map { file in
            let step = add(Step(
                target: target, tool: stage.tool, name: pin.files.count == 1 ? "pinned" : "pinned \(file.name)", operation: .stored(file.action),
                inputs: [], outputs: [file.path], platform: [:], pool: .cpu))
            return ArtifactRef(name: file.name, source: .output(step, path: file.path))
        }
    }

    /// The element with the same content; of several, the nearest.
    private static func unchanged(_ pin: Pin, among anchors: [String], taken: [Int: Pin]) -> Int? {
        let number = (pin.item.flatMap { Int($0) } ?? 1) - 1
        return anchors.indices.filter { taken[$0] == nil && anchors[$0] == pin.place.element }.min { abs($0 - number) < abs($1 - number) }
    }

    /// The element between the same neighbours, or the only one beside one of them.
    private static func changed(_ pin: Pin, among anchors: [String], taken: [Int: Pin]) -> Int? {
        let free = anchors.indices.filter { taken[$0] == nil }
        func isAfter(_ index: Int) -> Bool { (index > 0 ? anchors[index - 1] : "") == pin.place.before }
        func isBefore(_ index: Int) -> Bool { (index + 1 < anchors.count ? anchors[index + 1] : "") == pin.place.after }
        if let between = free.first(where: { isAfter($0) && isBefore($0) }) { return between }
        // That both stand at an end of the list says nothing.
        let beside = free.filter { !pin.place.before.isEmpty && isAfter($0) || !pin.place.after.isEmpty && isBefore($0) }
        return beside.count == 1 ? beside[0] : nil
    }
}
