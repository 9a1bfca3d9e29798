/// What the operating system answered about a file.
public struct FileError: Error {
    public let path: String
    public let system: SystemError
    private let reason: String?

    /// - Parameter reason: says it better than the operating system's words do.
    public init(_ path: String, _ system: SystemError = .last, because reason: String? = nil) {
        self.path = path
        self.system = system
        self.reason = reason
    }

    /// True if it concerns this one file, which another may take the place of: it is no plain file, or cannot be read.
    public var isOfFileAlone: Bool { [.isDirectory, .notPlainFile, .link, .brokenDisk, .denied].contains(system.kind) }

    /// True if what stands there is no plain file.
    public var isOfKind: Bool { system.kind == .isDirectory || system.kind == .notPlainFile }

    public var message: String { "\(path): \(reason ?? system.reason(at: path))" }
}
