/// What is still asked of a remote after its failures: a pure state machine.
struct Circuit: Sendable {
    enum Use: Sendable { case read, upload }

    /// What a failure means, for a person.
    struct Consequence: Equatable {
        /// It is the first of its kind.
        var isNew = false
        /// From now on nothing is uploaded.
        var endsUploads = false
        /// From now on the remote is left alone.
        var opens = false
    }

    private enum State { case closed(failures: Int), open }

    /// Failures in a row after which the remote is left alone.
    static let limit = 3

    private var state = State.closed(failures: 0)
    private var uploads: Bool
    private var seen: Set<RemoteError.Kind> = []

    /// - Parameter uploads: whether anything is uploaded at all.
    init(uploads: Bool = true) {
        self.uploads = uploads
    }

    var isOpen: Bool { if case .open = state { true } else { false } }

    func allows(_ use: Use) -> Bool { !isOpen && (use == .read || uploads) }

    mutating func succeeded() {
        if !isOpen { state = .closed(failures: 0) }
    }

    /// Nothing is to be expected of the remote any more.
    /// - Returns: false if that was known.
    mutating func open() -> Bool {
        defer { state = .open }
        return !isOpen
    }

    mutating func failed(_ kind: RemoteError.Kind, during use: Use) -> Consequence {
        guard case .closed(let failures) = state else { return Consequence() }
        var consequence = Consequence(isNew: seen.insert(kind).inserted)
        let refuses = kind == .denied || kind == .full
        if refuses, uploads {
            uploads = false
            consequence.endsUploads = true
        }
        // A remote that refuses an upload is alive, and may be read.
        if refuses, use == .upload { return consequence }
        state = .closed(failures: failures + 1)
        if failures + 1 >= Self.limit { consequence.opens = open() }
        return consequence
    }
}
