import FoundationEssentials
import Testing

extension Machine {
    static let novel = "ten-chapter-novel/the-tide-clock"
    static var prose: String { "\(novel)/prose_writing" }

    /// A machine that has built the novel's text, without its sound. It is built once; each test gets a copy.
    static func withNovelBuilt() async throws -> Machine {
        let machine = try Machine(copying: await novelBuiltOnce.value)
        try await machine.buildNovel().expect(executed: 0)
        return machine
    }

    private static let novelBuiltOnce = Task {
        let machine = try Machine()
        try await machine.buildNovel().expect(.built)
        return machine
    }

    /// The manuscript and the index: all but what is heard.
    func buildNovel() async throws -> Build { try await build(Self.novel, "manuscript", "rag_sync") }

    /// What the book is now is what a build from nothing but the cache makes.
    func expectNovelAsFromScratch(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let clean = try Machine(copying: self)
        clean.remove("\(Self.novel)/out")
        try await clean.buildNovel().expect(.built, executed: 0, sourceLocation: sourceLocation)
        let (these, those) = (try outputs(of: Self.novel), try clean.outputs(of: Self.novel))
        #expect(these.keys.sorted() == those.keys.sorted() && these == those, sourceLocation: sourceLocation)
    }
}
