/// Who writes in a new workspace: a kind of language model.
public struct NewWriter: Sendable, Equatable {
    /// What `use:` calls it.
    public let vendor: String
    /// Nil where it has only one.
    public let model: String?
    /// The variable that must hold its key; nil: it wants none, and costs nothing.
    public let keyVariable: String?

    public init(_ vendor: String, model: String? = nil, keyVariable: String? = nil) {
        (self.vendor, self.model, self.keyVariable) = (vendor, model, keyVariable)
    }
}
