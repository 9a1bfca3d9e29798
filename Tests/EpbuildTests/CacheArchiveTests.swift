import FoundationEssentials
import Testing

/// `cache export` and `cache import`: an episode's results in a file.
@Suite struct CacheArchiveTests {
    @Test func anEpisodeIsCarriedToAMachineWithoutANetwork() async throws {
        let (first, second) = (try Machine(), try Machine())
        let made = try await first.build(Machine.letters).expect(.built).report.actions.executed
        let file = "\(first.directory)/season.tar"
        let export = try await first.run("cache", "export", file, Machine.letters)
        #expect(export.status == 0 && export.output.contains("\(made) results in \(file)"), "\(export)")

        let first1 = try await second.run("cache", "import", file)
        #expect(first1.status == 0 && first1.errors.isEmpty, "\(first1)")
        try await second.build(Machine.letters, "--offline").expect(.built, executed: 0)
        #expect(try second.digests(of: Machine.letters) == first.digests(of: Machine.letters))
        let again = try await second.run("cache", "import", file)
        #expect(again.status == 0 && again.output.contains("0 results copied"), "\(again)")
    }

    /// What is cut off says so, and what could be read of it counts for nothing.
    @Test func aFileThatIsCutOffIsTold() async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        let file = "\(machine.directory)/season.tar"
        _ = try await machine.run("cache", "export", file, Machine.letters)
        let bytes = try Data(contentsOf: URL(filePath: file))
        try bytes.prefix(bytes.count / 2).write(to: URL(filePath: file))
        let outcome = try await machine.run("cache", "import", file)
        #expect(outcome.status == 65 && outcome.errors.contains("ends too early"), "\(outcome)")
        try Data("no archive, but a text that is long enough to look like something. ".utf8 + [UInt8](repeating: 0x20, count: 600)).write(
            to: URL(filePath: file))
        let other = try await machine.run("cache", "import", file)
        #expect(other.status == 65 && other.errors.contains("is no archive of a cache"), "\(other)")
    }
}
