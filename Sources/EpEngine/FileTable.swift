import EpCore

/// What is known of very many files, by their paths: half of what a dictionary takes, which doubles what it holds and keeps a fourth of it
/// free.
struct FileTable: Sendable, ExpressibleByDictionaryLiteral {
    typealias Record = SourceFiles.Record

    private enum Known: Sendable {
        case there(Record)
        case absent
        /// An earlier build has seen it so, and nobody has looked since.
        case remembered(Record)
        /// Nothing is known of it any more.
        case forgotten
    }

    private var paths: [Path] = []
    private var known: [Known] = []
    /// For each hash the place behind which the file's own is: one more than its index, 0 where there is none. Twice as many as files at
    /// least.
    private var places: [UInt32] = []

    /// - Parameter room: about how many files there are going to be.
    init(room: Int = 0) {
        makeRoom(for: room)
        places = Array(repeating: 0, count: Self.size(for: room))
    }

    init(dictionaryLiteral files: (Path, Record?)...) {
        self.init(room: files.count)
        for (path, record) in files { self[path] = .some(record) }
    }

    /// Makes room for many more files at once, as doubling what there is would leave much of it unused.
    mutating func reserve(_ more: Int) {
        guard more > paths.count / 4 else { return }
        makeRoom(for: paths.count + more)
    }

    /// A build looks at some more files than anybody has told before: a little more costs no move, which would double what there is.
    private mutating func makeRoom(for count: Int) {
        paths.reserveCapacity(count + count / 32 + 64)
        known.reserveCapacity(count + count / 32 + 64)
    }

    /// Nil if nothing is known of a file; `.some(nil)` if it is known not to be there.
    subscript(path: Path) -> Record?? {
        get {
            guard let index = index(of: path) else { return nil }
            switch known[index] {
            case .there(let record): return record
            case .absent: return .some(nil)
            case .remembered, .forgotten: return nil
            }
        }
        set {
            let state: Known = switch newValue {
            case .some(.some(let record)): .there(record)
            case .some(.none): .absent
            case .none: .forgotten
            }
            if let index = index(of: path) { known[index] = state } else if case .forgotten = state {} else { add(path, state) }
        }
    }

    // MARK: what an earlier build has seen

    /// What is known is what an earlier build has seen from now on; the rest is forgotten.
    mutating func becomeMemories(where isToBe: (Record) -> Bool) {
        for index in known.indices {
            let record: Record? = if case .there(let record) = known[index], isToBe(record) { record } else { nil }
            known[index] = record.map { .remembered($0) } ?? .forgotten
        }
    }

    /// What an earlier build has seen of a file at which nobody has looked since; nil: nothing.
    func remembered(_ path: Path) -> Record? {
        guard let index = index(of: path), case .remembered(let record) = known[index] else { return nil }
        return record
    }

    /// The files of which an earlier build has seen something, and at which nobody has looked since.
    var remembered: some Sequence<Path> {
        known.indices.lazy.compactMap { index in if case .remembered = known[index] { paths[index] } else { nil } }
    }

    mutating func forgetRemembered() {
        for index in known.indices { if case .remembered = known[index] { known[index] = .forgotten } }
    }

    /// A path as it is kept here, so that it need not be kept a second time.
    func kept(_ path: Path) -> Path { index(of: path).map { paths[$0] } ?? path }

    /// How many files there are.
    var count: Int { known.count { if case .there = $0 { true } else { false } } }

    /// Every file of which something is known, in the order in which it was first heard of.
    var all: some Sequence<(path: Path, record: Record?)> {
        known.indices.lazy.compactMap { index in
            switch known[index] {
            case .there(let record): (paths[index], record)
            case .absent: (paths[index], nil)
            case .remembered, .forgotten: nil
            }
        }
    }

    /// The files that are there, in the order of their paths.
    var sorted: some Sequence<(path: Path, record: Record)> {
        let there = known.indices.filter { if case .there = known[$0] { true } else { false } }
        return there.sorted { paths[$0] < paths[$1] }.lazy.compactMap { index in
            if case .there(let record) = known[index] { (paths[index], record) } else { nil }
        }
    }

    private static func size(for count: Int) -> Int {
        var size = 16
        while size < count * 2 { size *= 2 }
        return size
    }

    /// Where a file's place is noted, or would be.
    private func slot(of path: Path) -> Int {
        var slot = path.hashValue & (places.count - 1)
        while places[slot] != 0, paths[Int(places[slot]) - 1] != path { slot = (slot + 1) & (places.count - 1) }
        return slot
    }

    private func index(of path: Path) -> Int? {
        let place = places[slot(of: path)]
        return place == 0 ? nil : Int(place) - 1
    }

    private mutating func add(_ path: Path, _ state: Known) {
        if (paths.count + 1) * 2 > places.count {
            places = Array(repeating: 0, count: Self.size(for: paths.count + 1))
            for (index, path) in paths.enumerated() { places[slot(of: path)] = UInt32(index + 1) }
        }
        paths.append(path)
        known.append(state)
        places[slot(of: path)] = UInt32(paths.count)
    }
}
