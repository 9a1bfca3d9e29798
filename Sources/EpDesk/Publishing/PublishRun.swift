import EpCore
import Synchronization

/// Puts a publication at its place: what is about to be put is written down first, then all files, then the feeds, then what is there.
final class PublishRun: Sendable {
    /// Files on their way at once.
    private static let width = 4

    let total: Int
    private let place: any PublicPlace
    private let options: PublishOptions
    private let progress: @Sendable (PublishProgress) -> Void
    private let state = Mutex(State())

    private struct State {
        var looked = 0
        var written: [(path: String, bytes: Int64)] = []
    }

    init(place: any PublicPlace, options: PublishOptions, progress: @escaping @Sendable (PublishProgress) -> Void, total: Int) {
        (self.place, self.options, self.progress, self.total) = (place, options, progress, total)
    }

    /// What was put there, or would be.
    var written: [(path: String, bytes: Int64)] { state.withLock { $0.written } }

    func put(_ publication: Publication, _ list: inout PublishedList) async throws {
        let files = publication.files + publication.feeds
        let unknown = files.filter { list.digest(at: $0.path) != $0.digest }
        if !unknown.isEmpty {
            for file in unknown { list.files[file.path] = .some(nil) }
            try await write(list)
        }
        try await put(publication.files)
        // One after another, when all that they name is there.
        for feed in publication.feeds { try await put(feed) }
        for file in files { list.files[file.path] = file.digest }
    }

    /// Takes away what is no longer of the show, if a person wants that, and writes down what is there.
    /// - Returns: how many files were taken away.
    func end(_ publication: Publication, _ list: inout PublishedList) async throws -> Int {
        var removed = 0
        if options.prunes, !options.isDryRun {
            for path in publication.stale {
                try await place.remove(path.text)
                list.files[path] = nil
                removed += 1
            }
        }
        try await write(list)
        return removed
    }

    private func write(_ list: PublishedList) async throws {
        guard !options.isDryRun else { return }
        let bytes = list.bytes
        if try await place.read(PublishedList.path) != bytes { try await place.put(bytes, at: PublishedList.path) }
    }

    private func put(_ files: [Publication.File]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = files[...]
            func start() {
                guard let file = rest.popFirst() else { return }
                group.addTask { try await self.put(file) }
            }
            for _ in 0..<Self.width { start() }
            while try await group.next() != nil { start() }
        }
    }

    private func put(_ file: Publication.File) async throws {
        let isThere = try await place.digest(at: file.path.text) == file.digest
        if !isThere, !options.isDryRun { try await place.put(file.digest, from: file.source, at: file.path.text) }
        let number = state.withLock { state in
            state.looked += 1
            if !isThere { state.written.append((file.path.text, file.digest.size)) }
            return state.looked
        }
        progress(.init(path: file.path.text, bytes: file.digest.size, number: number, of: total, isPut: !isThere))
    }
}
