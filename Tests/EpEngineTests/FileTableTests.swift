import EpCore
import EpFiles
import Testing

@testable import EpEngine

/// A table of files says what a dictionary would.
@Suite struct FileTableTests {
    private func record(_ size: Int) -> SourceFiles.Record {
        SourceFiles.Record(stat: FileStatus(size: Int64(size), modified: 1), digest: Digest(of: Array("\(size)".utf8)))
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func itIsADictionary(_ seed: UInt64) {
        var random = Seeded(seed)
        var (table, model) = (FileTable(room: Int(seed) * 3), [Path: SourceFiles.Record?]())
        for step in 0..<3000 {
            let path = Path("/some/place/\(UInt64.random(in: 0..<400, using: &random)).txt")
            switch UInt64.random(in: 0..<5, using: &random) {
            case 0: (table[path], model[path]) = (nil, nil)
            case 1: (table[path], model[path]) = (.some(nil), .some(nil))
            default: (table[path], model[path]) = (.some(record(step)), .some(record(step)))
            }
            #expect(table[path]??.digest == model[path]??.digest && (table[path] == nil) == (model[path] == nil))
        }
        #expect(table.count == model.values.count { $0 != nil })
        let all = Dictionary(table.all.map { ($0.path, $0.record?.digest) }) { first, _ in first }
        #expect(all == model.mapValues { $0?.digest })
        #expect(table.all.map(\.path).count == model.count, "each once")
        #expect(table.sorted.map(\.path) == model.filter { $0.value != nil }.keys.sorted())
    }

    @Test func whatAnEarlierBuildHasSeenIsNotKnownUntilSomebodyLooks() {
        var table = FileTable(room: 2)
        for number in 1...4 { table[Path("/\(number)")] = record(number) }
        table["/gone"] = .some(nil)
        table.becomeMemories { $0.stat.size < 4 }
        #expect(table.count == 0 && Array(table.all).isEmpty && table.remembered("/4") == nil && table["/1"] == nil && table.remembered("/1")?.digest == record(1).digest)
        table["/1"] = .some(record(9))
        table["/2"] = .some(nil)
        #expect(table.remembered("/1") == nil && table["/1"]??.digest == record(9).digest && table.count == 1)
        if case .some(.none) = table["/2"] {} else { Issue.record("it is known not to be there") }
        #expect(Array(table.remembered) == ["/3"])
        table.forgetRemembered()
        #expect(Array(table.remembered).isEmpty && table.remembered("/3") == nil && table["/3"] == nil)
        #expect(Array(table.all).map(\.path) == ["/1", "/2"])
    }

    @Test func namesAreBytes() {
        let table: FileTable = ["/e\u{301}": .some(record(1))]
        #expect(table["/e\u{301}"] != nil && table["/\u{e9}"] == nil)
    }
}
