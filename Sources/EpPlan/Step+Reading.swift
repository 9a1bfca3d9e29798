public import EpCore

/// Steps whose programs tell afterwards what they have read.
extension Step {
    /// What a program may read beside its inputs, and where it tells of what it has read.
    public struct Reading: Sendable, Hashable {
        /// The file of dependencies that the program leaves behind: a path in its directory. It is no output.
        public let report: String
        /// Files of the person's that lie in the program's directory beside its inputs. Only those that it has read are a part of an
        /// address.
        public let offered: [Input]
        /// The directories of the episode and the show.
        public let homes: [String]
        /// How many of the step's inputs are declared: those behind them have been read.
        fileprivate(set) var declaredCount = 0

        public init(report: String, offered: [Input], homes: [String]) {
            (self.report, self.offered, self.homes) = (report, offered, homes)
        }
    }

    /// How many of its inputs are declared; the others are what its program is known to have read.
    public var declaredCount: Int { reading?.declaredCount ?? inputs.count }

    /// The same step with some of the offered files among its inputs.
    /// - Parameter labels: of those files. One that is not offered any more is left out.
    public func reading(_ labels: Set<Path>) -> Step {
        guard let reading else { return self }
        return with(inputs.prefix(reading.declaredCount) + reading.offered.filter { labels.contains(Path($0.label)) }, reading)
    }

    /// The same step with all that its program finds in its directory.
    public var offering: Step { reading.map { with(inputs.prefix($0.declaredCount) + $0.offered, $0) } ?? self }

    private func with(_ inputs: ArraySlice<Input>, _ reading: Reading) -> Step {
        Step(
            target: target, tool: tool, name: name, operation: operation, inputs: Array(inputs), outputs: outputs, platform: platform,
            pool: pool, at: place,
            emptyDirectories: emptyDirectories, reasons: reasons, question: question, service: service, timeLimit: timeLimit, retry: retry,
            reading: reading, passedVariables: passedVariables)
    }
}

extension Step.Reading {
    /// What is offered to a step with these inputs and outputs: nothing that stands where one of them does.
    func beside(_ inputs: [Step.Input], outputs: [String]) -> Step.Reading {
        let taken = inputs.map(\.label) + outputs.map(OutputPath.bare) + [report]
        let isFree = { (label: String) in
            !taken.contains { $0.isByteForByte(label) || Path(label).below($0) != nil || Path($0).below(label) != nil }
        }
        var reading = Step.Reading(report: report, offered: offered.filter { isFree($0.label) }, homes: homes)
        reading.declaredCount = inputs.count
        return reading
    }
}
