import EpCore

/// What stands in for a step in a draft: another action that makes the same outputs, offline and at once.
public struct Placeholder: Sendable, Hashable {
    /// What is heard or seen instead, for people: `silence`.
    public let what: String
    public let operation: Step.Operation
    /// Texts, and some of the step's own inputs.
    public let inputs: [Step.Input]
    public let platform: [String: String]

    public init(_ what: String, operation: Step.Operation, inputs: [Step.Input], platform: [String: String] = [:]) {
        self.what = what
        self.operation = operation
        self.inputs = inputs
        self.platform = platform
    }

    /// A placeholder that a tool makes itself.
    /// - Parameter revision: of the code that makes it.
    public init(_ what: String, by tool: ToolName, _ operation: String, revision: String = "1", inputs: [Step.Input]) {
        self.init(what, operation: .builtIn(tool: tool, operation: "placeholder.\(operation)", revision: revision), inputs: inputs)
    }
}

extension Step {
    /// The version under which an action says that it is a placeholder: whatever it does, its address is no real action's.
    private static let mark = "epbuild-placeholder"

    public var isPlaceholder: Bool { platform[Self.mark] != nil }

    /// The step's first placeholder in its place; nil if there is none. The others stay, should that one fail too.
    var stoodIn: Step? {
        guard let placeholder = placeholders.first else { return nil }
        let known = Set(dependencies)
        var step = Step(
            target: target, tool: tool, name: name, operation: placeholder.operation, inputs: placeholder.inputs, outputs: outputs,
            platform: placeholder.platform.merging([Self.mark: placeholder.what]) { $1 }, pool: pool,
            at: place, emptyDirectories: emptyDirectories)
        precondition(known.isSuperset(of: step.dependencies), "a placeholder of \(target) reads what its step does not")
        step.placeholders = Array(placeholders.dropFirst())
        return step
    }
}

/// How the files of a draft are told from finished ones.
public enum DraftMark {
    /// What the title of a draft begins with.
    public static let title = "[draft] "
    static let name = "DRAFT-"

    /// The name of a draft's file: `clips/1.mp4` becomes `clips/DRAFT-1.mp4`. One that is marked stays as it is.
    public static func marked(_ path: String) -> String {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let last = parts.popLast() else { return path }
        return (parts + [last.hasPrefix(name) ? last : name + last]).joined(separator: "/")
    }

    public static func isMarked(_ path: String) -> Bool { marked(path) == path }
}
