import EpCore
import EpTesting
import Testing

@testable import EpTools

@Suite struct JobFileTests {
    /// There is room, and still no file can be made: freeing space would not help.
    @Test func onADiskThatHoldsNoMoreFiles() throws {
        let directory = TemporaryDirectory()
        guard let disk = SmallDisk(at: "\(directory.path)/disk", "size=1m,nr_inodes=100") else { return }
        defer { disk.unmount() }
        disk.fillWithFiles()
        let problem = #expect(throws: Diagnostic.self) { try JobFile("part.mp3", in: disk.path) }
        #expect(problem?.code == .system && problem?.message.contains("part.mp3 cannot be written: No space left on device") == true)
        #expect(problem?.message.contains("no inodes left") == true && problem?.remedy?.contains("df -i") == true, "\(String(describing: problem))")
    }

    @Test func onAFullDisk() throws {
        let directory = TemporaryDirectory()
        guard let disk = SmallDisk(at: "\(directory.path)/disk") else { return }
        defer { disk.unmount() }
        let file = try JobFile("part.mp3", in: disk.path)
        let problem = #expect(throws: Diagnostic.self) { try file.write([UInt8](repeating: 1, count: 2 << 20)) }
        #expect(problem?.remedy?.hasPrefix("free some space on that disk") == true, "\(String(describing: problem))")
    }
}
