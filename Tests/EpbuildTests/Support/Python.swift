import FoundationEssentials

/// What of `Scripts/` is written in Python.
enum Python {
    static let root = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound))

    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").map { "\($0)/python3" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    static func run(_ script: String, _ words: [String], temporary: String = Temporary.directory) async throws -> Program.Outcome {
        let environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": temporary]) { $1 }
        return try await Program.run([path ?? "python3", "\(root)/Scripts/\(script)"] + words, in: root, environment: environment)
    }
}
