import EpCore
import EpEngine

extension Inspection {
    /// Tells which other targets are made by actions of these: a decision about takes is one about the action, wherever it stands.
    /// - Parameters:
    ///   - one: what becomes of one other target.
    ///   - several: the same of several.
    func tellSharing(_ targets: [Target], _ one: String, _ several: String) {
        for group in StageGroups.of(sharing(actionsOf: targets)) {
            if group.elements.count == 1 {
                Console.answer("\(group.target): is made by the same action, and \(one)")
            } else {
                Console.answer("\(group.stage): \(group.elements.count) other items are made by the same actions, and \(several) (\(group.items))")
            }
        }
    }
}
