import EpCore
import EpFiles
public import EpPlan
import Glibc

/// `epbuild run-step`: does a built-in step in a directory that another epbuild has described it in, and leaves its outputs there.
public struct StepProgram: Sendable {
    private let directory: String
    private let runner: ToolRunner

    /// - Parameters:
    ///   - directory: absolute.
    ///   - searchPath: where programs are looked for, as in `PATH`.
    public init(in directory: String, tools: [any Tool], searchPath: String) {
        self.directory = directory
        runner = ToolRunner(tools: tools, searchPath: searchPath, temporaryDirectory: directory)
    }

    /// - Throws: `Diagnostic`, `StepFailure`: whoever has sent it does it himself then.
    public func run() async throws {
        let path = "\(directory)/\(StepOrder.Place.order)"
        guard let bytes = try Files.read(path) else {
            throw Diagnostic(
                .usage, "there is no \(StepOrder.Place.order) here",
                remedy: "`run-step` is what epbuild runs on other machines, and of no use by hand")
        }
        let order = try StepOrder(Node(parsing: bytes, file: StepOrder.Place.order).value)
        let inputs = DirectoryInputs("\(directory)/\(StepOrder.Place.inputs)")
        let scratch = "\(directory)/scratch"
        let job = Job(step: order.step(inputs.labels), inputs: inputs, take: order.take) {
            try Files.makeDirectory(scratch)
            return scratch
        }
        try keep(try await runner.run(job), order)
    }

    private func keep(_ result: JobResult, _ order: StepOrder) throws {
        for path in order.outputs.flatMap(result.paths) {
            let target = "\(directory)/\(StepOrder.Place.outputs)/\(path)"
            try Files.makeDirectory(above: target)
            switch result.outputs[Path(path)] {
            case .bytes(let bytes): try Files.create(target, with: bytes, mode: 0o644)
            case .file(let file, let isExecutable): try Self.copy(file, to: target, isExecutable: isExecutable)
            case nil: throw StepFailure(Diagnostic(.actionFailed, "the declared output \"\(path)\" was not made"))
            }
        }
    }

    private static func copy(_ source: String, to target: String, isExecutable: Bool) throws {
        let from = try OpenFile(reading: source)
        let file = try OpenFile(creating: target)
        _ = try from.copy(to: file)
        if isExecutable { chmod(target, 0o755) }
    }
}

/// Inputs that lie in a directory by their labels.
private struct DirectoryInputs: JobInputs {
    let labels: [String]
    private let directory: String

    init(_ directory: String) {
        self.directory = directory
        labels = Self.files(directory, "").sorted { $0.precedesByteForByte($1) }
    }

    private static func files(_ place: String, _ prefix: String) -> [String] {
        Directory.names(place).flatMap { name -> [String] in
            FileStatus("\(place)/\(name)", followingLink: true)?.isDirectory == true
                ? files("\(place)/\(name)", "\(prefix)\(name)/") : ["\(prefix)\(name)"]
        }
    }

    func bytes(_ label: String) throws -> [UInt8] {
        guard let bytes = try Files.read("\(directory)/\(label)") else { throw DamagedInput("there is no input \(label)") }
        return bytes
    }

    func copy(_ label: String, to path: String) throws { try Files.create(path, with: bytes(label), mode: 0o644) }
}
