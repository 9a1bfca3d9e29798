public import EpCore
import EpPlan

/// What every step's inputs were when it was last up to date: what `why` and `status` compare with.
/// Keyed by target, so a person's question can be answered; never read by a build.
public struct Trace: Sendable {
    public struct Input: Sendable, Equatable {
        public let label: String
        public let digest: Digest
        /// The beginning of a short text; "" for anything else.
        public let preview: String
    }

    public private(set) var steps: [String: [Input]] = [:]

    static let previewLength = 1_000

    static func path(of place: EpisodePlace) -> String { "\(place.stateDirectory)/trace/\(place.stateName)" }

    public static func key(_ target: Target, _ step: String) -> String { step.isEmpty ? "\(target)" : "\(target) (\(step))" }

    init() {}

    mutating func record(_ resolved: ResolvedStep) {
        steps[Self.key(resolved.step.target, resolved.step.name)] = Self.inputs(of: resolved)
    }

    static func inputs(of resolved: ResolvedStep) -> [Input] {
        zip(resolved.step.inputs, resolved.inputs).map { input, digest in
            guard case .literal(let bytes) = input.source, bytes.count < 4096 else { return Input(label: input.label, digest: digest, preview: "") }
            return Input(label: input.label, digest: digest, preview: String(decoding: bytes.prefix(previewLength), as: UTF8.self))
        } + operationInputs(resolved.step)
    }

    /// The command and the versions that it relies on, as if they were inputs too.
    private static func operationInputs(_ step: Step) -> [Input] {
        let command = switch step.operation {
        case .program(let arguments, let environment):
            (environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + arguments).joined(separator: " ")
        case .builtIn(let tool, let operation, let revision): "\(tool).\(operation) \(revision)"
        }
        let versions = step.platform.sorted { $0.key < $1.key }.map { ("version of \($0.key)", $0.value) }
        return ([("command", command)] + versions).map { label, text in
            Input(label: label, digest: Digest(of: Array(text.utf8)), preview: String(text.prefix(previewLength)))
        }
    }

    init?(encoded bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard reader.isSealed else { return nil }
        for _ in 0..<reader.count() {
            let key = reader.string()
            steps[key] = (0..<reader.count()).map { _ in Input(label: reader.string(), digest: reader.digest(), preview: reader.string()) }
        }
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt64(steps.count))
        for (key, inputs) in steps {
            writer.write(key)
            writer.write(UInt64(inputs.count))
            for input in inputs {
                writer.write(input.label)
                writer.write(input.digest)
                writer.write(input.preview)
            }
        }
        writer.seal()
        return writer.bytes
    }
}
