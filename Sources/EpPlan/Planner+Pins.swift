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
        for pin in pins {
            if let index = Self.index(of: pin, among: anchors, taken: Set(placed.keys)) {
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

    private static func index(of pin: Pin, among anchors: [String], taken: Set<Int>) -> Int? {
        let free = anchors.indices.filter { !taken.contains($0) }
        let number = (pin.item.flatMap { Int($0) } ?? 1) - 1
        let same = free.filter { anchors[$0] == pin.place.element }
        if let nearest = same.min(by: { abs($0 - number) < abs($1 - number) }) { return nearest }
        func fits(_ index: Int) -> (Bool, Bool) {
            let before = index > 0 ? anchors[index - 1] : ""
            let after = index + 1 < anchors.count ? anchors[index + 1] : ""
            return (before == pin.place.before, after == pin.place.after)
        }
        if let between = free.first(where: { fits($0) == (true, true) }) { return between }
        let beside = free.filter { fits($0).0 || fits($0).1 }
        return beside.count == 1 ? beside[0] : nil
    }
}
