import EpCore

/// Of very many items all mostly do the same: what is the same need be kept, and hashed, once.
extension Step {
    /// True if two steps do the same, with the same versions of programs, whatever they read. Byte for byte, as addresses are.
    public func does(theSameAs other: Step) -> Bool {
        operation.isSame(as: other.operation) && Self.isSame(platform, other.platform) && passedVariables == other.passedVariables
    }

    fileprivate static func isSame(_ left: [String: String], _ right: [String: String]) -> Bool {
        left.count == right.count
            && left.allSatisfy { key, value in right.contains { $0.key.isByteForByte(key) && $0.value.isByteForByte(value) } }
    }

    fileprivate static func isSame(_ left: [String], _ right: [String]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.isByteForByte($1) }
    }

    /// The step before, if it does the same and has the same outputs.
    static func alike(_ last: Step?, _ operation: Operation, _ outputs: [String], _ platform: [String: String]) -> Step? {
        guard let last, last.operation.isSame(as: operation), isSame(last.outputs, outputs), isSame(last.platform, platform) else {
            return nil
        }
        return last
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
