import EpCore

extension [Target] {
    /// Tells that these are made by actions of a target that was decided about: a decision about takes is one about the action, wherever it
    /// stands.
    /// - Parameters:
    ///   - one: what becomes of one other target.
    ///   - several: the same of several.
    func tellAsSharing(_ one: String, _ several: String) {
        for group in StageGroups.of(self) {
            if group.elements.count == 1 {
                Console.answer("\(group.target): is made by the same action, and \(one)")
            } else {
                Console.answer(
                    "\(group.stage): \(group.elements.count) other items are made by the same actions, and \(several) (\(group.items))")
            }
        }
    }
}
