import EpCore
import Glibc
import Testing

@testable import EpFiles

@Suite struct OpenFileTests {
    @Test func aCopyIsWhatItsDigestSays() throws {
        let directory = try TestDirectory()
        let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
        try Files.replace(directory("file"), with: bytes)
        let file = try OpenFile(reading: directory("file"))
        #expect(try file.copy(to: OpenFile(creating: directory("copy"))) == Digest(of: bytes))
        #expect(try Files.read(directory("copy")) == bytes)
        #expect(try file.digest() == Digest.empty, "from the present position on")
        try file.rewind()
        #expect(try file.copy(to: OpenFile(creating: directory("part")), limit: 10).size == 11, "one more shows that there is too much")
        var stretch = [UInt8](repeating: 0, count: 100)
        #expect(try stretch.withUnsafeMutableBytes { try file.fill($0, from: 599_950) } == 50)
        #expect(Array(stretch.prefix(50)) == Array(bytes.suffix(50)))
        #expect(throws: FileError.self) { _ = try OpenFile(creating: directory("copy")) }
    }

    @Test func whatIsNotPlainIsToldByItsKind() throws {
        let directory = try TestDirectory()
        #expect(mkfifo(directory("pipe"), 0o600) == 0)
        for (path, kind) in [
            (directory.path, SystemError.Kind.isDirectory), (directory("pipe"), .notPlainFile), (directory("none"), .absent),
        ] {
            let error = #expect(throws: FileError.self) { _ = try OpenFile(reading: path) }
            #expect(error?.system.kind == kind && error?.isOfFileAlone == (kind != .absent))
        }
    }

    @Test func permissionsAreNoPartOfTheStatus() throws {
        let directory = try TestDirectory()
        try Files.replace(directory("file"), with: [])
        #expect(chmod(directory("file"), 0o750) == 0)
        let permissions = try #require(FilePermissions(directory("file")))
        #expect(permissions.mode == 0o750 && permissions.isExecutable && permissions.isOurs)
        #expect(FilePermissions(directory("none")) == nil)
    }

    @Test func aThreadDoesItsWork() async {
        let value = await withCheckedContinuation { reply in
            if !Thread.start({ reply.resume(returning: 1) }) { reply.resume(returning: 2) }
        }
        #expect(value == 1)
    }
}
