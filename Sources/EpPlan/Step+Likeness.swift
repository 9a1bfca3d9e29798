import EpCore

/// Of very many items all mostly do the same: what is the same need be kept, and hashed, once.
extension Step {
    /// True if two steps do the same, with the same versions of programs, whatever they read. Byte for byte, as addresses are.
    public func does(theSameAs other: Step) -> Bool {
        (isAlike(other) || operation.isSame(as: other.operation) && Self.isSame(platform, other.platform))
            && passedVariables == other.passedVariables
    }

    /// True if two steps are known to run the same, and to leave the same outputs: nothing is compared.
    public func isAlike(_ other: Step) -> Bool { record.kind === other.record.kind }

    fileprivate static func isSame(_ left: [String: String], _ right: [String: String]) -> Bool {
        left.count == right.count
            && left.allSatisfy { key, value in right.contains { $0.key.isByteForByte(key) && $0.value.isByteForByte(value) } }
    }

    fileprivate static func isSame(_ left: [String], _ right: [String]) -> Bool {
        guard left.count == right.count else { return false }
        // Items of a stage mostly have the very same.
        if left.withUnsafeBufferPointer({ left in right.withUnsafeBufferPointer { left.baseAddress == $0.baseAddress } }) { return true }
        return zip(left, right).allSatisfy { $0.isByteForByte($1) }
    }
}

extension StepRecord.Kind {
    /// The same with what it has in common with the kind of the step before: all of it, for most steps.
    func like(_ last: StepRecord.Kind?) -> StepRecord.Kind {
        guard let last, last.operation.isSame(as: operation), Step.isSame(last.outputs, outputs), Step.isSame(last.platform, platform)
        else { return self }
        let isSame =
            last.stage == stage && last.tool == tool && last.name.isByteForByte(name) && last.pool == pool && last.place == place
            && Step.isSame(last.emptyDirectories, emptyDirectories)
        return isSame
            ? last
            : StepRecord.Kind(
                stage: stage, tool: tool, name: name, operation: last.operation, emptyDirectories: emptyDirectories, outputs: last.outputs,
                platform: last.platform, pool: pool, place: place)
    }
}

extension Step.Operation {
    fileprivate func isSame(as other: Step.Operation) -> Bool {
        switch (self, other) {
        case (.program(let words, let variables), .program(let others, let theirs)):
            Step.isSame(words, others) && Step.isSame(variables, theirs)
        case (.builtIn(let tool, let operation, let revision), .builtIn(let other, let its, let own)):
            tool == other && operation.isByteForByte(its) && revision.isByteForByte(own)
        default: false
        }
    }
}
