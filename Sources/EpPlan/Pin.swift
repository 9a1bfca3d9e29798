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

    /// The item as it was named when it was pinned; nil for a stage that does not fan out.
    public let item: String?
    public var place: ItemPlace
    public let files: [File]

    public init(item: String?, place: ItemPlace, files: [File]) {
        self.item = item
        self.place = place
        self.files = files
    }
}
