public import EpCore

/// A hand edit that stands for a stage.
public struct EditReport: Sendable, Equatable {
    public let stage: StageName
    /// Relative to the episode.
    public let file: String
    public let state: EditState

    public var value: Value { ["stage": .string(stage.text), "file": .string(file), "state": .string(state.rawValue)] }
}
