public import EpCore

/// A file that a person wrote, as it was when the plan looked at it. There may be very many, and each is handed on a dozen times.
public final class SourceFile: Sendable, Hashable {
    /// Absolute path.
    public let path: String
    private let shownAs: Shown
    public let digest: Digest

    /// Most are shown by the end of their path, which need not be kept a second time: there may be very many.
    private enum Shown: Sendable, Hashable { case end(bytes: Int), text(String) }

    public init(path: String, shown: String, digest: Digest) {
        self.path = path
        let isEnd = path.utf8.count > shown.utf8.count && path.utf8.suffix(shown.utf8.count).elementsEqual(shown.utf8)
        shownAs = isEnd ? .end(bytes: shown.utf8.count) : .text(shown)
        self.digest = digest
    }

    /// The path as it is shown in messages.
    public var shown: String {
        switch shownAs {
        case .end(let count): String(Substring(path.utf8.suffix(count)))
        case .text(let text): text
        }
    }

    public static func == (left: SourceFile, right: SourceFile) -> Bool {
        left.path.isByteForByte(right.path) && left.digest == right.digest
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(Path(path))
        hasher.combine(digest)
    }
}

/// The number of a step within one plan.
public struct StepID: Hashable, Sendable, Comparable {
    public let index: Int
    public init(_ index: Int) { self.index = index }
    public static func < (left: StepID, right: StepID) -> Bool { left.index < right.index }
}

/// Where the bytes of an input come from.
public enum ArtifactSource: Sendable, Hashable {
    case literal([UInt8])
    case file(SourceFile)
    /// The output at `path` of a step, which may not have run yet.
    case output(StepID, path: String)

    public static func == (left: ArtifactSource, right: ArtifactSource) -> Bool {
        switch (left, right) {
        case (.literal(let left), .literal(let right)): left == right
        case (.file(let left), .file(let right)): left == right
        case (.output(let left, let path), .output(let right, let other)): left == right && path.isByteForByte(other)
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .literal(let bytes): hasher.combine(bytes)
        case .file(let file): hasher.combine(file)
        case .output(let step, let path):
            hasher.combine(step)
            hasher.combine(Path(path))
        }
    }
}

/// A file that a stage hands on: where its bytes come from, and the name that tells its format.
public struct ArtifactRef: Sendable, Hashable {
    /// A file name such as `script.fountain`; never part of an address by itself.
    public let name: String
    public let source: ArtifactSource
    /// The output directory in which a program left it; nil if its stage names the file itself.
    public let directory: String?

    public init(name: String, source: ArtifactSource, directory: String? = nil) {
        self.name = name
        self.source = source
        self.directory = directory
    }

    /// Its path in that directory.
    public var pathInDirectory: String? { directory.flatMap { Path(name).below($0) } }

    /// What comes after the last full stop of the name, in lower case; "" if there is none.
    public var fileExtension: String { Self.fileExtension(of: name) }

    static func fileExtension(of name: String) -> String {
        name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[name.utf8.index(after: $0)...].lowercased() } ?? ""
    }

    /// The name without what tells its format: `bell.high` of `bell.high.wav`.
    public var stem: String { Self.stem(of: name) }

    static func stem(of name: String) -> String { name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name }
}

/// What one item of a stage hands on.
public struct ItemArtifacts: Sendable {
    /// The item's name on the command line; nil for a stage that does not fan out.
    public let item: String?
    /// The element that the item was made for, in the innermost dimension.
    public let element: Element?
    /// In which elements of the other dimensions it lies; nil if there are none.
    public let outer: Coordinates?
    public let files: [ArtifactRef]
    /// True if a person has left it out: what reads the stage goes on without it.
    public let isSkipped: Bool

    /// True if it is a directory of files, however many these are, and nothing beside it.
    public var isDirectory: Bool { files.isOneDirectory }

    public init(item: String?, element: Element?, outer: Coordinates? = nil, files: [ArtifactRef], isSkipped: Bool = false) {
        self.item = item
        self.element = element
        self.outer = outer
        self.files = files
        self.isSkipped = isSkipped
    }
}

/// What a stage hands on: one item, or as many as it fans out into.
public struct StageArtifacts: Sendable {
    public let isFanOut: Bool
    public let items: [ItemArtifacts]
    /// Items that are not among these, as a person has left them out.
    public let skipped: [ItemArtifacts]

    public init(isFanOut: Bool, items: [ItemArtifacts], skipped: [ItemArtifacts] = []) {
        self.isFanOut = isFanOut
        self.items = items
        self.skipped = skipped
    }

    public var leftOut: Int { skipped.count }

    public var files: [ArtifactRef] { items.flatMap(\.files) }

    /// What a reader goes on with.
    var withoutSkipped: StageArtifacts {
        let left = items.filter(\.isSkipped)
        return left.isEmpty ? self : StageArtifacts(isFanOut: isFanOut, items: items.filter { !$0.isSkipped }, skipped: left)
    }
}

/// One element that a stage fans out over: a beat, a line, a file. There may be very many, and each is handed on a dozen times.
public final class Element: Sendable {
    /// From 1.
    public let number: Int
    /// What names of items are made of: the number, unless it has a name of its own.
    public let name: String
    /// Set where the element is a file or an upstream item's artifact.
    public let files: [ArtifactRef]
    private let content: Content

    /// What is known of it. Of a file, of which there may be very many, that is its name: all else is made of it when it is asked for.
    private enum Content {
        case file(name: String)
        case written(Written)
    }

    private final class Written: Sendable {
        let value: Value
        let subject: Value?
        let location: SourceLocation?
        let chapter: Chapter?

        init(_ value: Value, subject: Value?, at location: SourceLocation?, _ chapter: Chapter?) {
            (self.value, self.subject, self.location, self.chapter) = (value, subject, location, chapter)
        }
    }

    /// A section of a script, which lines of it share.
    final class Chapter: Sendable {
        /// From 1.
        let number: Int
        /// "" for what stands before the first heading.
        let title: String
        init(number: Int, title: String) { (self.number, self.title) = (number, title) }
    }

    /// - Parameter subject: nil: the value itself.
    public convenience init(
        number: Int, name: String? = nil, value: Value, subject: Value? = nil, files: [ArtifactRef] = [], location: SourceLocation? = nil
    ) {
        self.init(number: number, name: name, value: value, subject: subject, files: files, location: location, chapter: nil)
    }

    init(
        number: Int, name: String? = nil, value: Value, subject: Value? = nil, files: [ArtifactRef] = [], location: SourceLocation?,
        chapter: Chapter?
    ) {
        self.number = number
        self.name = name ?? String(number)
        self.files = files
        content = .written(Written(value, subject: subject, at: location, chapter))
    }

    /// A file of the person's.
    /// - Parameter name: of its item; one that is a number gives way to the element's own.
    init(number: Int, file: ArtifactRef, called name: String) {
        self.number = number
        self.name = Int(name) == nil ? name : String(number)
        files = [file]
        content = .file(name: name)
    }

    public var value: Value {
        switch content {
        case .file(let name): ["name": .string(name)]
        case .written(let written): written.value
        }
    }

    /// What it is in the end: where items are made of items, the value that the first of them was made of.
    public var subject: Value {
        if case .written(let written) = content, let subject = written.subject { subject } else { value }
    }

    /// Where a person can find it.
    public var location: SourceLocation? {
        switch content {
        case .file: if case .file(let file)? = files.first?.source { SourceLocation(file: file.shown) } else { nil }
        case .written(let written): written.location
        }
    }

    /// Of a line of a script.
    var chapter: Chapter? { if case .written(let written) = content { written.chapter } else { nil } }
}

extension [ArtifactRef] {
    /// True if all of them lie in one output directory.
    public var isOneDirectory: Bool {
        guard let directory = first?.directory else { return false }
        return allSatisfy { $0.directory.map(directory.isByteForByte) == true }
    }
}
