public import EpCore

/// A hand edit that stands for a stage, or for one item of it.
public struct EditReport: Sendable, Equatable {
    public let target: Target
    /// Relative to the episode.
    public let file: String
    public let state: EditState

    public var value: Value { ["target": .string(target.description), "file": .string(file), "state": .string(state.rawValue)] }
}

extension [EditReport] {
    /// The state that asks most of a person; nil if there is no edit.
    public var worst: EditState? { map(\.state).max() }
}
