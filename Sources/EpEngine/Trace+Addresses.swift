import EpCore
import EpPlan

/// Where the results are that a trace tells of.
extension Trace {
    /// Where the last result of a step was; nil if that is not known.
    func address(of step: Path) -> ActionDigest? {
        var found: ActionDigest?
        each { key, entry in
            if key == step { found = Self.address(in: entry) }
        }
        return found
    }

    /// How the results at some addresses were made: entries, to be written down again under other names.
    func entries(at addresses: Set<ActionDigest>) -> [ActionDigest: [UInt8]] {
        var found: [ActionDigest: [UInt8]] = [:]
        each { _, entry in
            if let address = Self.address(in: entry), addresses.contains(address) { found[address] = Array(entry) }
        }
        return found
    }

    private static func address(in entry: ArraySlice<UInt8>) -> ActionDigest? {
        var reader = ByteReader(Array(entry), isSealed: false)
        _ = reader.list { Input(label: $0.string(), digest: $0.digest(), text: $0.string(), explained: $0.string()) }
        guard !reader.isBroken, !reader.isAtEnd else { return nil }
        let address = ActionDigest(reader.digest())
        return reader.isBroken ? nil : address
    }
}

extension Inspection {
    /// Where the last result of a step was, as this machine built it.
    func lastAddress(of step: StepView) -> ActionDigest? { trace.address(of: Trace.key(pass.planner.steps[step.id.index])) }

    /// True if the step's program tells afterwards what it has read, so that its inputs are not all known before.
    func readsMore(_ step: StepView) -> Bool { pass.planner.steps[step.id.index].reading != nil }
}
