import EpCore
import EpFiles
import EpPlan

/// What every step's inputs were when it was last up to date: what `why`, `plan` and `status` compare with.
/// Keyed by target, so a person's question can be answered; never read by a build.
struct Trace {
    struct Input: Sendable, Equatable {
        let label: String
        let digest: Digest
        /// The whole of a text that is not long; the beginning of a long one; "" for anything else.
        let text: String
        /// What explains another input and is none itself (a variable of a prompt) names it here; "" for an input.
        let explained: String

        var isReason: Bool { !explained.isEmpty }
    }

    private let bytes: [UInt8]
    /// Where the entries begin.
    private let start: Int
    private static let format = "epbuild trace 2"

    static func path(of place: EpisodePlace) -> String { "\(place.stateDirectory)/trace/\(place.stateName)" }

    static func key(_ step: Step) -> Path { step.name.isEmpty ? "\(step.target)" : "\(step.target) (\(step.name))" }

    /// The trace of an episode; an empty one if there is none, or if it is damaged.
    init(of place: EpisodePlace) throws {
        let read = StateFile.read(Self.path(of: place)) ?? []
        var reader = ByteReader(read)
        // One that another epbuild has written differently is as good as none.
        (bytes, start) = reader.isSealed && reader.string() == Self.format ? (read, reader.position) : ([], 0)
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Calls `body` with every step's key and the encoded rest of its entry.
    func each(_ body: (Path, ArraySlice<UInt8>) throws -> Void) rethrows {
        guard !bytes.isEmpty else { return }
        var reader = ByteReader(bytes)
        reader.skip(start)
        while !reader.isAtEnd {
            let key = Path(reader.string())
            let length = reader.length()
            // What is not as it was written is as good as not known.
            guard !reader.isBroken else { return }
            try body(key, bytes[reader.position..<reader.position + length])
            reader.skip(length)
        }
    }

    /// The inputs of those steps that are asked for, as far as they are known.
    func inputs(of keys: Set<Path>) -> [Path: [Input]] {
        var found: [Path: [Input]] = [:]
        each { key, entry in
            guard keys.contains(key) else { return }
            var reader = ByteReader(Array(entry), isSealed: false)
            let inputs = reader.list { Input(label: $0.string(), digest: $0.digest(), text: $0.string(), explained: $0.string()) }
            if !reader.isBroken { found[key] = inputs }
        }
        return found
    }

    /// A step as it is to be remembered.
    struct Remembered {
        let step: Step
        let take: Take
        /// Where its result is, whoever serves.
        let address: ActionDigest?
        /// True if the address tells what the inputs were.
        let isAddressed: Bool
        /// What is known already of how its result was made; nil: as the step is now.
        let earlier: [UInt8]?
        /// The digests of its inputs.
        let inputs: () -> [Digest]

        fileprivate func write(to writer: inout ByteWriter, _ operation: (count: Int, bytes: [UInt8])) {
            if let earlier { return writer.append(earlier) }
            let (inputs, asides) = (inputs(), Trace.asides(of: step, take))
            writer.write(UInt64(inputs.count + operation.count + asides.count))
            for (input, digest) in zip(step.inputs, inputs) { writer.write(Trace.input(input, digest)) }
            writer.append(operation.bytes)
            for input in asides { writer.write(input) }
            // Older epbuilds read no further than the inputs.
            if let address { writer.write(address.digest) }
        }

        /// Where the result is, if an entry with that at its end, behind the operation, tells of just this.
        fileprivate var end: ActionDigest? {
            isAddressed && earlier == nil && take == .first && step.reasons.isEmpty ? address : nil
        }
    }

    /// Replaces the trace of an episode, a step at a time. What it would say again is taken over as it stands.
    /// - Parameters:
    ///   - old: what it is now.
    ///   - keepingOthers: steps that are not among `steps` keep what is known of them.
    static func write(
        _ steps: some Sequence<Remembered>, of place: EpisodePlace, over old: Trace, keepingOthers: Bool, discardingInto pile: DiscardPile
    ) throws {
        var written: Set<Path> = []
        try StateFile.makeDirectory("\(place.stateDirectory)/trace")
        StateFile.makeRoom(for: path(of: place))
        try Files.replace(path(of: place), discardingInto: pile) { (file: inout SealedFile) throws in
            try file.append { $0.write(format) }
            var (operations, standing) = (LastOperation(), StandingEntries(of: old.bytes, from: old.start))
            for remembered in steps {
                let (key, operation) = (key(remembered.step), operations.encoded(of: remembered.step))
                if keepingOthers { written.insert(key) }
                if standing.take(key.text, endingWith: operation.bytes, remembered.end) { continue }
                try standing.write(to: &file)
                try file.append { writer in
                    writer.write(key.text)
                    writer.writeCounted { remembered.write(to: &$0, operation) }
                }
            }
            try standing.write(to: &file)
            guard keepingOthers else { return }
            try old.each { key, entry in
                guard !written.contains(key) else { return }
                try file.append { writer in
                    writer.write(key.text)
                    writer.writeCounted { $0.append(entry) }
                }
            }
        }
    }

    /// The entries of a trace, gone through beside the steps of a plan: mostly both are in the same order.
    private struct StandingEntries {
        private let bytes: [UInt8]
        private var reader: ByteReader
        /// Entries that are taken over, and not written yet.
        private var taken = 0..<0
        /// So much is written at once.
        private static let piece = 1 << 15

        init(of bytes: [UInt8], from start: Int) {
            self.bytes = bytes
            reader = ByteReader(bytes)
            reader.skip(start)
        }

        /// Goes on over the next entry if it is that of a step, and takes it over if it ends as it would end now.
        /// - Parameter address: nil if no end would tell enough.
        mutating func take(_ key: String, endingWith operation: [UInt8], _ address: ActionDigest?) -> Bool {
            var next = reader
            guard !bytes.isEmpty, !next.isAtEnd, next.isNext(key) else { return false }
            let (start, length) = (reader.position, next.length())
            var end = next.from(next.position + max(0, length - operation.count - ByteReader.digestCount))
            next.skip(length)
            guard !next.isBroken else { return false }
            reader = next
            guard let address, end.isNext(operation), end.digest() == address.digest, end.position == next.position else { return false }
            taken = (taken.upperBound == start ? taken.lowerBound : start)..<next.position
            return true
        }

        mutating func write(to file: inout SealedFile) throws {
            for start in stride(from: taken.lowerBound, to: taken.upperBound, by: Self.piece) {
                try file.append { $0.append(bytes[start..<min(start + Self.piece, taken.upperBound)]) }
            }
            taken = taken.upperBound..<taken.upperBound
        }
    }
}

extension Trace {
    /// Bytes of a text that are kept: whole prompts, not whole books.
    private static let textLimit = 1 << 15

    /// The inputs of a step, and what else is part of its address or explains it.
    static func inputs(of resolved: ResolvedStep, _ take: Take) -> [Input] {
        zip(resolved.step.inputs, resolved.inputs).map(input) + operationInputs(resolved.step) + asides(of: resolved.step, take)
    }

    private static func input(_ input: Step.Input, _ digest: Digest) -> Input {
        guard case .literal(let bytes) = input.source else { return Input(label: input.label, digest: digest, text: "", explained: "") }
        return Input(label: input.label, digest: digest, text: String(decoding: bytes.prefix(textLimit), as: UTF8.self), explained: "")
    }

    /// What explains inputs of a step, and which take it is.
    private static func asides(of step: Step, _ take: Take) -> [Input] {
        step.reasons.map { text($0.label, $0.text, explained: $0.explained) }
            + (take == .first ? [] : [text(takeLabel, "\(take)", explained: "")])
    }

    /// Under which a take is remembered; the first leaves no trace.
    static let takeLabel = "take"

    /// The inputs that stand for the operation of the step before, as they are written: most steps do the same as the one before them.
    fileprivate struct LastOperation {
        private var last: (step: Step, count: Int, bytes: [UInt8])?

        mutating func encoded(of step: Step) -> (count: Int, bytes: [UInt8]) {
            if let last, last.step.does(theSameAs: step) { return (last.count, last.bytes) }
            let inputs = operationInputs(step)
            var writer = ByteWriter()
            inputs.forEach { writer.write($0) }
            last = (step, inputs.count, writer.bytes)
            return (inputs.count, writer.bytes)
        }
    }

    /// The command and the versions that it relies on, as if they were inputs too.
    private static func operationInputs(_ step: Step) -> [Input] {
        let command =
            switch step.operation {
            case .program(let arguments, let environment):
                (environment.filter { !step.passedVariables.contains($0.key) }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                    + arguments)
                    .joined(separator: " ")
            case .builtIn(let tool, let operation, let revision): "\(tool).\(operation) \(revision)"
            case .stored(let action): "the pinned result of \(action.digest.short)"
            }
        let versions = step.platform.sorted { $0.key < $1.key }.map { ("version of \($0.key)", $0.value) }
        return ([("command", command)] + versions).map { text($0, $1, explained: "") } + variableInputs(step)
    }

    /// The variables that come from outside: of their values, the digests alone.
    private static func variableInputs(_ step: Step) -> [Input] {
        guard case .program(_, let environment) = step.operation else { return [] }
        return step.passedVariables.sorted().map { name in
            let value = environment[name].map { Array($0.utf8) } ?? Array("\0not set".utf8)
            return Input(label: "variable \(name)", digest: Digest(of: value), text: "", explained: "")
        }
    }

    private static func text(_ label: String, _ text: String, explained: String) -> Input {
        Input(
            label: label, digest: Digest(of: Array(text.utf8)), text: String(decoding: text.utf8.prefix(textLimit), as: UTF8.self),
            explained: explained)
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ input: Trace.Input) {
        write(input.label)
        write(input.digest)
        write(input.text)
        write(input.explained)
    }
}
