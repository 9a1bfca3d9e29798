public import EpCore

/// A result that stands for an item whatever happens upstream.
public struct Pin: Sendable, Equatable {
    public struct File: Sendable, Equatable {
        /// The file's name, which tells its format.
        public let name: String
        /// The action whose result holds it, under `path`.
        public let action: ActionDigest
        public let path: String

        public init(name: String, action: ActionDigest, path: String) {
            self.name = name
            self.action = action
            self.path = path
        }
    }

    /// Where an item stands: its element's content and that of its neighbours, hashed; "" where there is none.
    public struct Place: Sendable, Equatable {
        public let element: String
        public let before: String
        public let after: String

        public init(element: String, before: String, after: String) {
            self.element = element
            self.before = before
            self.after = after
        }

        public init(of index: Int, among elements: [Element]) {
            self.init(
                element: elements[index].anchor, before: index > 0 ? elements[index - 1].anchor : "",
                after: index + 1 < elements.count ? elements[index + 1].anchor : "")
        }
    }

    /// The item as it was named when it was pinned; nil for a stage that does not fan out.
    public let item: String?
    public let place: Place
    public let files: [File]

    public init(item: String?, place: Place, files: [File]) {
        self.item = item
        self.place = place
        self.files = files
    }
}

extension Element {
    /// The first digits of a hash of what the element is: enough to tell the elements of one stage apart.
    var anchor: String {
        let files = files.map { file in
            switch file.source {
            case .literal(let bytes): Digest(of: bytes).hex
            case .file(let source): source.digest.hex
            case .output: ""
            }
        }
        return String(Digest(of: Array((value.json() + files.joined()).utf8)).hex.prefix(16))
    }
}
