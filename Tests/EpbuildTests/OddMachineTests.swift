import FoundationEssentials
import Glibc
import Testing

/// Machines on which something is not as it is elsewhere.
@Suite struct OddMachineTests {
    /// A wrong clock in a recorder, or a damaged archive: before 1677, before 1970, after 2262.
    @Test(arguments: [10_413_792_000, 60_000_000_000, -1, -11_676_096_000]) func timeStampsFarAway(_ seconds: Int) async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n", "show/ep/texts/2.txt": "two\n"])
        let text = "show/ep/texts/1.txt"
        guard try show.stamp(text, seconds) else { return print("timeStampsFarAway: skipped, as this file system cannot store \(seconds)") }
        _ = try (show.stamp("epbuild.yaml", seconds), show.stamp("show/ep", seconds))
        try await show.build().expect(.built, executed: 5)
        try await show.build().expect(.upToDate, executed: 0)
        for words in [["plan"], ["status"], ["graph"], ["log"]] {
            try await show.machine.run(words[0], SmallShow.episode).expect(0)
        }
        // A change is seen, whatever the stamp says.
        try show.write("six\n", to: text)
        _ = try (show.stamp(text, seconds), show.stamp("show/ep/out/all.txt", seconds))
        try await show.build().expect(.built, executed: 3)
        #expect(try show.machine.text("show/ep/out/all.txt") == "SIX!\nTWO!\n")
        _ = try show.stamp("show/ep/out/all.txt", seconds)
        for file in show.machine.files(below: show.machine.cache) { _ = try show.stamp("../cache/\(file)", seconds) }
        try await show.build().expect(executed: 0)
        try await show.machine.run("cache", "gc", "--now").expect(0)
        try await show.machine.run("cache", "info").expect(0)
    }

    /// `epbuild script x --format > x.new && mv x.new x` on a full disk must not lose the script.
    @Test(arguments: [["status", SmallShow.episode], ["script", "x.fountain", "--format"], ["build", SmallShow.episode, "--json"]])
    func anAnswerThatCannotBeWrittenIsAFailure(_ words: [String]) async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n", "x.fountain": "NORA\nHi.\n"])
        try await show.build().expect(.built)
        let command = ["sh", "-c", "\"$@\" > /dev/full", "sh", Program.epbuild] + words
        let outcome = try await Program.run(command, in: show.machine.workspace, environment: show.machine.environment())
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.errors.contains("error: standard output cannot be written: No space left on device"), "\(outcome)")
    }

    /// The build itself is done, and says once that nobody can follow it any more.
    @Test(arguments: [("/dev/full", 0), ("-", 1)]) func eventsThatCannotBeWrittenAreToldOfOnce(_ file: String, _ status: Int32) async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n"])
        let command = ["sh", "-c", "\"$@\" > /dev/full", "sh", Program.epbuild, "build", SmallShow.episode, "--events", file]
        let quiet = file == "-" ? command : [Program.epbuild, "build", SmallShow.episode, "--events", file]
        let outcome = try await Program.run(quiet, in: show.machine.workspace, environment: show.machine.environment())
        let name = file == "-" ? "standard output" : file
        let said = "warning: no more events are written: \(name) cannot be written: No space left on device"
        #expect(outcome.status == status && outcome.errors.ranges(of: said).count == 1, "\(outcome)")
        #expect(try show.machine.text("show/ep/out/all.txt") == "ONE!\n")
    }

    /// Runs epbuild where something has been done to /proc; nil if only root can do that.
    private func run(_ words: String..., after hide: String, _ machine: Machine) async throws -> Program.Outcome? {
        guard try await Program.run(["unshare", "-m", "sh", "-c", hide], in: "/", environment: machine.environment()).status == 0 else {
            print("skipped, as this user cannot: \(hide)")
            return nil
        }
        let command = ["unshare", "-m", "sh", "-c", "\(hide) && exec \"$@\"", "sh", Program.epbuild] + words
        return try await Program.run(command, in: machine.workspace, environment: machine.environment())
    }

    @Test(arguments: ["mount -t tmpfs none /proc", "umount -l /proc"]) func withoutProcItIsRefused(_ hide: String) async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n"])
        try await run("plan", SmallShow.episode, after: hide, show.machine)?.expect(69, errors: "/proc is not there", "mount -t proc")
    }

    /// Swift's own way to the command line leads through /proc: without it every command printed the help, and ended well.
    @Test func withoutTheKernelsCommandLine() async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n"])
        try show.write("", to: "nothing")
        func run(_ words: String...) async throws -> Program.Outcome? {
            let hide = "mount --bind \(show.machine.workspace)/nothing /proc/$$/cmdline"
            guard words.count > 1 else { return try await self.run(words[0], after: hide, show.machine) }
            return try await self.run(words[0], words[1], after: hide, show.machine)
        }
        guard let refused = try await run("no/such/place") else { return }
        refused.expect(64, errors: "no/such/place")
        try await run("build", SmallShow.episode)?.expect(0, says: "built")
        #expect(try show.machine.text("show/ep/out/all.txt") == "ONE!\n")
        try await run("plan", SmallShow.episode)?.expect(0, says: "up to date")
        try await run("--version")?.expect(0, says: "epbuild ")
    }
}
