import FoundationEssentials
import Glibc
import Testing

@testable import EpExecution

/// Homes of programs that are asked for their versions: none is left lying about.
@Suite struct TemporaryHomeTests {
    @Test func whatAKilledProcessLeftIsRemoved() throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: "homes-\(UUID().uuidString)").path(percentEncoded: false)
        let dead = pid_t.max - 7
        let (left, held, own) = (
            "\(parent)/epbuild-home-\(dead)-a1b2c3", "\(parent)/epbuild-home-\(dead)-d4e5f6", "\(parent)/epbuild-home-\(getpid())-a1b2c3"
        )
        for path in [left, held, own, "\(parent)/other"] {
            try FileManager.default.createDirectory(atPath: "\(path)/deep", withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: parent) }
        try Data("x".utf8).write(to: URL(filePath: "\(left)/deep/.output"))
        let descriptor = open(held, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        TemporaryHome.sweep(parent)
        #expect(access(left, F_OK) != 0)
        for path in [held, own, "\(parent)/other"] { #expect(access(path, F_OK) == 0, "\(path)") }
    }

    @Test func itGoesWithItsOwner() throws {
        var home: TemporaryHome? = try TemporaryHome(in: FileManager.default.temporaryDirectory.path(percentEncoded: false))
        let path = try #require(home?.path)
        try Data("x".utf8).write(to: URL(filePath: "\(path)/file"))
        home = nil
        #expect(access(path, F_OK) != 0)
    }
}
