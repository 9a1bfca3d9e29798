/// What a stage asks to have done: a command, its inputs, and which rendition of the outcome.
///
/// The model is the Remote Execution API's (REAPI v2). Two actions with the same address have the same
/// result by definition; so names, positions, clocks, credentials and retry settings have no place here.
public struct Action: Sendable, Hashable {
    /// Program and arguments, or for a built-in tool its operation and revision (`["epbuild:mix.encode"]`).
    public var arguments: [String]
    /// The complete environment of the command; nothing is inherited.
    public var environment: [String: String]
    /// What the command must leave behind: relative paths of files, and of directories, as ``OutputPath`` tells them apart.
    public var outputs: [String]
    /// The labelled inputs: settings, texts and files, each under a path of its own.
    public var inputs: InputTree
    /// Versions of the programs and libraries that the command relies on, by name.
    public var platform: [String: String]
    /// Which rendition is asked for. The first take leaves no trace in the address.
    public var take: Take

    public init(
        arguments: [String], environment: [String: String] = [:], outputs: [String], inputs: InputTree,
        platform: [String: String] = [:], take: Take = .first
    ) {
        self.arguments = arguments
        self.environment = environment
        self.outputs = outputs
        self.inputs = inputs
        self.platform = platform
        self.take = take
    }
}

/// The number of a rendition of one action, from 1.
public struct Take: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let number: Int

    /// - Parameter number: at least 1.
    public init(_ number: Int) {
        precondition(number >= 1, "takes are numbered from 1")
        self.number = number
    }

    public static let first = Take(1)
    public var next: Take { Take(number + 1) }
    public var description: String { String(number) }
    public static func < (left: Take, right: Take) -> Bool { left.number < right.number }
}
