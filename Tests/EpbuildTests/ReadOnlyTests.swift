import FoundationEssentials
import Glibc
import Testing

/// Nothing can be written: not the workspace, not its `.epbuild/`, not the cache. What only looks answers all the same.
@Suite struct ReadOnlyTests {
    private static let questions: [[String]] = [
        ["status", Machine.letters], ["status", Machine.letters, "--json"], ["plan", Machine.letters], ["why", Machine.letters, "report"],
        ["takes", Machine.letters, "words"],
        ["log", Machine.letters], ["log", Machine.letters, "1"], ["cost", Machine.letters], ["inspect", Machine.letters, "report"],
        ["graph", Machine.letters],
        ["graph", Machine.letters, "--items"], ["cache", "info"], ["cache", "verify"],
    ]

    @Test(arguments: [false, true]) func whatOnlyLooksAnswers(_ isStale: Bool) async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        if isStale { try machine.edit("\(Machine.letters)/texts/01-morning.txt") { $0 + "And then the tide rose.\n" } }
        var answers: [Program.Outcome] = []
        for words in Self.questions { answers.append(try await run(words, machine)) }
        let mount = try ReadOnly(machine.directory)
        for (words, answer) in zip(Self.questions, answers) {
            let again = try await run(words, machine)
            // What a stale episode is made from cannot always be told.
            #expect(
                again.status == answer.status && (answer.status == 0 || isStale && words[0] == "inspect"),
                "\(words): \(again)\nbefore: \(answer)")
            #expect(again.output == answer.output, "\(words): \(again)\nbefore: \(answer)")
            #expect(again.errors == answer.errors, "\(words): \(again)")
        }
        let doctor = try await run(["doctor", Machine.letters], machine)
        #expect(doctor.output.contains("read-only") || doctor.output.contains("Permission denied"), "\(doctor)")
        // What must write says so, and what is up to date needs to write nothing.
        let build = try await run(["build", Machine.letters], machine)
        #expect(build.status == (isStale ? 1 : 0), "\(build)")
        if isStale { #expect(build.errors.contains("Read-only") || build.errors.contains("Permission denied"), "\(build)") }
        let decision = try await run(["clean", Machine.letters, "words"], machine)
        #expect(decision.status == 1 && decision.errors.contains("cannot be written") , "\(decision)")
        withExtendedLifetime(mount) {}
    }

    /// A cache that nobody has made yet, and nobody can make.
    @Test func withoutACacheEverythingIsMissing() async throws {
        let machine = try Machine()
        let mount = try ReadOnly(machine.directory)
        let plan = try await run(["plan", Machine.letters], machine)
        #expect(plan.status == 0 && plan.output.contains("words"), "\(plan)")
        let status = try await run(["status", Machine.letters], machine)
        #expect(status.status == 0, "\(status)")
        withExtendedLifetime(mount) {}
    }

    private func run(_ words: [String], _ machine: Machine) async throws -> Program.Outcome {
        try await Program.run([Program.epbuild] + words, in: machine.workspace, environment: machine.environment())
    }

    /// Keeps a directory from being written, until nobody refers to this: for root by mounting it anew.
    private final class ReadOnly {
        private let path: String

        init(_ path: String) throws {
            self.path = path
            if geteuid() == 0 {
                try #require(mount(path, path, nil, UInt(MS_BIND), nil) == 0, "a read-only mount is not possible here")
                try #require(mount(nil, path, nil, UInt(MS_BIND | MS_REMOUNT | MS_RDONLY), nil) == 0)
            } else {
                setModes(removing: 0o222)
            }
        }

        deinit {
            if geteuid() == 0 { umount2(path, Int32(MNT_DETACH)) } else { setModes(adding: 0o200) }
        }

        private func setModes(adding: mode_t = 0, removing: mode_t = 0) {
            let below = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
            for file in [path] + below.map({ "\(path)/\($0)" }) {
                var status = stat()
                if lstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFLNK {
                    chmod(file, (status.st_mode & 0o7777 | adding) & ~removing)
                }
            }
        }
    }
}
