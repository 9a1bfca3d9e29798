import EpFiles

/// How much may run at once on this machine, whatever a person asks for: more would fail for want of descriptors or processes.
enum MachineLimits {
    /// Descriptors that a step may need, and those that epbuild itself has open.
    private static let descriptors = (aStep: 8, own: 64)
    /// Processes of a step: its program, what watches over it, and two that the program starts. A quarter is left to the user.
    private static let processesOfAStep = 4

    static var steps: Int { steps(descriptors: SystemLimits.descriptors, processes: SystemLimits.processes) }

    /// At least one.
    /// - Parameters: what this process may have; nil: any number.
    static func steps(descriptors: Int?, processes: Int?) -> Int {
        let byDescriptors = descriptors.map { ($0 - Self.descriptors.own) / Self.descriptors.aStep } ?? .max
        let byProcesses = processes.map { $0 / 4 * 3 / processesOfAStep } ?? .max
        return max(1, min(byDescriptors, byProcesses))
    }
}
