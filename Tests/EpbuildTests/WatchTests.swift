import EpCore
import EpPlan
import FoundationEssentials
import Glibc
import Testing

/// `build --watch`: a save is a build, and nothing else is.
@Suite struct WatchTests {
    private static let text = "\(Machine.letters)/texts/01-morning.txt"
    private static let pipeline = "letters/pipeline.yaml"

    private func watching(_ words: String..., change: (Machine) throws -> Void = { _ in }) async throws -> (Machine, Watcher) {
        let machine = try Machine()
        try change(machine)
        let watcher = try Watcher(machine, [Machine.letters] + words)
        #expect(try await watcher.waits(forBuilds: 1).outcome == "built")
        return (machine, watcher)
    }

    @Test func savesByWritingInPlaceAndByRename() async throws {
        let (machine, watcher) = try await watching()
        try write("One two two.", inPlaceOf: "\(machine.workspace)/\(Self.text)")
        let second = try await watcher.waits(forBuilds: 2)
        #expect(second.outcome == "built" && second.executed("words") == 1 && second.actions.executed == 4)
        try Data("Three three three.".utf8).write(to: URL(filePath: "\(machine.workspace)/\(Self.text)"), options: .atomic)
        let third = try await watcher.waits(forBuilds: 3)
        #expect(third.outcome == "built" && third.executed("words") == 1)
        #expect(try machine.text("\(Machine.letters)/out/report.txt").contains("\n3\n"))
        // The same text once more is no change, and neither is a new time stamp.
        try write("Three three three.", inPlaceOf: "\(machine.workspace)/\(Self.text)")
        utimensat(AT_FDCWD, "\(machine.workspace)/\(Self.text)", nil, 0)
        try await watcher.staysQuiet(seconds: 1)
    }

    @Test func editorsTemporaryFilesAreNoSaves() async throws {
        let (machine, watcher) = try await watching()
        let directory = "\(Machine.letters)/texts"
        for name in [".01-morning.txt.swp", "4913", "01-morning.txt~", "#01-morning.txt#", ".#01-morning.txt", "notes.md"] {
            try machine.write([1, 2, 3], to: "\(directory)/\(name)")
        }
        try await watcher.staysQuiet(seconds: 0.7)
        // As vim saves with a backup: rename, write anew, remove.
        machine.remove("\(directory)/4913")
        rename("\(machine.workspace)/\(Self.text)", "\(machine.workspace)/\(Self.text)~")
        try machine.write(Array("Vim vim.".utf8), to: Self.text)
        machine.remove("\(Self.text)~")
        #expect(try await watcher.waits(forBuilds: 2).executed("words") == 1)
        try await watcher.staysQuiet(seconds: 0.5)
    }

    /// One build, as long as each save comes soon after the last; a few where this machine has other things to do meanwhile.
    @Test func aBurstOfSavesIsFewBuilds() async throws {
        let (machine, watcher) = try await watching()
        // A pause that this process was made to take ends a burst, too.
        var (pauses, last) = (0, ContinuousClock.now)
        for number in 1...20 {
            try write(String(repeating: "quack ", count: number), inPlaceOf: "\(machine.workspace)/\(Self.text)")
            usleep(20_000)
            pauses += ContinuousClock.now - last > .milliseconds(60) ? 1 : 0
            last = ContinuousClock.now
        }
        let report = "\(Machine.letters)/out/report.txt"
        try await Patience.wait { try machine.text(report).contains("20 quack") }
        #expect(try machine.text(report).contains("20 quack"), "\(watcher.errors)")
        try await watcher.rests()
        #expect((2...5 + pauses).contains(try watcher.builds.count), "\(pauses) pauses\n\(watcher.errors)")
        #expect(try await machine.build(Machine.letters).report.outcome == "upToDate")
    }

    @Test func filesThatComeAndGo() async throws {
        let (machine, watcher) = try await watching()
        try machine.write(Array("A new one.".utf8), to: "\(Machine.letters)/texts/04-new.txt")
        let second = try await watcher.waits(forBuilds: 2)
        #expect(second.stages["words"]?.total == 4 && second.executed("words") == 1)
        machine.remove("\(Machine.letters)/texts/04-new.txt")
        #expect(try await watcher.waits(forBuilds: 3).stages["words"]?.total == 3)
        // The whole directory is replaced by another.
        let directory = "\(machine.workspace)/\(Machine.letters)/texts"
        rename(directory, "\(directory).old")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try machine.write(Array("The only one".utf8), to: "\(Machine.letters)/texts/a.txt")
        #expect(try await watcher.waits(forBuilds: 4).stages["words"]?.total == 1)
        try machine.write(Array("The only one is changed".utf8), to: "\(Machine.letters)/texts/a.txt")
        #expect(try await watcher.waits(forBuilds: 5).executed("words") == 1)
    }

    /// What a half-written file can do to a build; each is shown, and repaired by the next save.
    @Test func brokenFilesAndRepairedOnes() async throws {
        let (machine, watcher) = try await watching()
        let good = try machine.text(Self.pipeline)
        var builds = 1
        func expect(_ outcome: String, _ says: String? = nil, after change: () throws -> Void) async throws {
            try change()
            builds += 1
            #expect(try await watcher.waits(forBuilds: builds).outcome == outcome, "\(watcher.errors)")
            if let says { #expect(watcher.errors.contains(says), "\(watcher.errors)") }
        }
        try await expect("failed", "not valid YAML") { try machine.edit(Self.pipeline) { _ in "stages: [" } }
        try await expect("upToDate") { try machine.edit(Self.pipeline) { _ in good } }
        try await expect("failed") { try machine.edit(Self.pipeline) { _ in "" } }
        try await expect("failed", "there is no letters/pipeline.yaml") { machine.remove(Self.pipeline) }
        try await expect("upToDate") { try machine.write(Array(good.utf8), to: Self.pipeline) }
        try await expect("failed", "sorry") {
            try machine.edit(Self.pipeline) {
                $0.replacing("wc -l", with: "echo sorry >&2; false; wc -l").replacing("; wc", with: " && wc")
            }
        }
        // Saving the same again after a failure is asking for another try.
        try await expect("failed") { utimensat(AT_FDCWD, "\(machine.workspace)/\(Self.pipeline)", nil, 0) }
        try await expect("upToDate") { try machine.edit(Self.pipeline) { _ in good } }
        try await watcher.staysQuiet(seconds: 1)
        #expect(try await watcher.end(SIGINT) == 0)
    }

    @Test func aBrokenFileAtTheBeginning() async throws {
        let machine = try Machine()
        try machine.edit("letters/show.yaml") { _ in "title: [" }
        let watcher = try Watcher(machine, [Machine.letters])
        #expect(try await watcher.waits(forBuilds: 1).outcome == "failed")
        try machine.edit("letters/show.yaml") { _ in "title: Letters\n" }
        #expect(try await watcher.waits(forBuilds: 2).outcome == "built")
    }

    /// A text that epbuild writes itself, the lock and the finished file start no build; a person's edit of that text does.
    @Test func ownWritesStartNothing() async throws {
        let (machine, watcher) = try await watching { machine in
            try machine.replace(
                "    deliver: true", with: "    output: report.txt\n    editable: true\n    deliver: true", in: Self.pipeline)
        }
        try await watcher.staysQuiet(seconds: 4)
        // What is removed from out/ is put there again.
        machine.remove("\(Machine.letters)/out")
        #expect(try await watcher.waits(forBuilds: 2).outcome == "built")
        try await watcher.staysQuiet(seconds: 2)
        try machine.edit("\(Machine.letters)/report.txt") { $0 + "by hand\n" }
        _ = try await watcher.waits(forBuilds: 3)
        #expect(watcher.errors.contains("report.txt is edited by hand"))
        try await watcher.staysQuiet(seconds: 2)
    }

    @Test func aSaveDuringABuildIsNotLost() async throws {
        let (machine, watcher) = try await watching { try $0.replace("wc -l", with: "sleep 1; wc -l", in: Self.pipeline) }
        try machine.write(Array("First first.".utf8), to: Self.text)
        try await watcher.says("changed: 01-morning.txt")
        try await Task.sleep(for: .milliseconds(500))
        try machine.write(Array("Second second second.".utf8), to: Self.text)
        try await Patience.wait { try machine.text("\(Machine.letters)/out/report.txt").contains("second") }
        #expect(try machine.text("\(Machine.letters)/out/report.txt").contains("3 second"), "\(watcher.errors)")
        try await watcher.rests()
        #expect(try await watcher.end(SIGINT) == 0)
        #expect(try await machine.build(Machine.letters).report.outcome == "upToDate")
    }

    @Test func aGateWaitsAndItsApprovalIsABuild() async throws {
        let machine = try Machine()
        try machine.replace("outputs: [report.txt]", with: "outputs: [report.txt]\n    gate: { required: true }", in: Self.pipeline)
        try machine.edit(Self.pipeline) {
            $0
                + "  last:\n    tool: command\n    run: [sh, -c, \"cp in.txt last.txt\"]\n    inputs: { in.txt: report }\n    outputs: [last.txt]\n    deliver: true\n"
        }
        let watcher = try Watcher(machine, [Machine.letters])
        #expect(try await watcher.waits(forBuilds: 1).outcome == "waiting")
        try await watcher.staysQuiet(seconds: 1)
        #expect(try await machine.run("approve", Machine.letters, "report").status == 0)
        #expect(try await watcher.waits(forBuilds: 2).outcome == "built")
    }

    @Test func commandsAreRunAfterwards() async throws {
        let command = #"printf '%s\n' "$EPBUILD_OUTCOME" "$EPBUILD_EPISODE" "$EPBUILD_OUTPUTS" >> "$HOME/then"; false"#
        let (machine, watcher) = try await watching("--then", command)
        let path = "\(machine.workspace)/\(Machine.letters)".replacing("//", with: "/")
        let once = "built\n\(path)\n\(path)/out/report.txt\n"
        #expect(try String(contentsOfFile: "\(machine.directory)/then", encoding: .utf8) == once)
        #expect(watcher.errors.contains("warning: the command of --then ended with status 1"))
        // Nothing is run after a failure, and after a build that built nothing.
        let good = try machine.text(Self.pipeline)
        try machine.edit(Self.pipeline) { _ in "a: [" }
        #expect(try await watcher.waits(forBuilds: 2).outcome == "failed")
        try machine.edit(Self.pipeline) { _ in good }
        #expect(try await watcher.waits(forBuilds: 3).outcome == "upToDate")
        #expect(try String(contentsOfFile: "\(machine.directory)/then", encoding: .utf8) == once)
        try machine.write(Array("Again.".utf8), to: Self.text)
        _ = try await watcher.waits(forBuilds: 4)
        #expect(try String(contentsOfFile: "\(machine.directory)/then", encoding: .utf8) == once + once)
    }

    /// The frames that a player gets are those of the delivered file, from where the line is heard; the first build plays nothing.
    @Test func whatIsNewIsPlayedAsItIsDelivered() async throws {
        let machine = try await Machine.withMoonBuilt()
        let heard = "\(machine.directory)/heard"
        try machine.write(Array("#!/bin/sh\ncat > \(heard).part && mv \(heard).part \(heard)\n".utf8), to: "player")
        chmod("\(machine.workspace)/player", 0o755)
        let watcher = try Watcher(machine, [Machine.moon, "--play"], wrapper: ["env", "EPBUILD_PLAYER=\(machine.workspace)/player"])
        _ = try await watcher.waits(forBuilds: 1)
        #expect(!FileManager.default.fileExists(atPath: heard))
        func edit(_ old: String, _ new: String) async throws -> Range<Double> {
            try? FileManager.default.removeItem(atPath: heard)
            let before = try watcher.builds.count
            try machine.replace(old, with: new, in: "\(Machine.moon)/script.fountain")
            let report = try await watcher.waits(forBuilds: before + 1)
            try #require(try await Patience.wait { FileManager.default.fileExists(atPath: heard) }, "\(watcher.errors)")
            let mp3 = try #require(report.outputs.first { $0.hasSuffix(".mp3") })
            let file = try Array(Data(contentsOf: URL(filePath: "\(machine.workspace)/\(Machine.moon)/\(mp3)")))
            let frames = try #require(
                try file.firstRange(of: Array(Data(contentsOf: URL(filePath: heard)))), "what was played is not in the file")
            // The tag's length is four times seven bits; 192 kbit/s are 24,000 bytes a second.
            let tag = 10 + file[6..<10].reduce(0) { $0 << 7 | Int($1) }
            return Double(frames.lowerBound - tag) / 24_000..<Double(frames.upperBound - tag) / 24_000
        }
        let changed = try await edit("Somebody has taken a bite", "Somebody has eaten a bite")
        let lines = try await machine.run("lines", Machine.moon, "--json").output.split(separator: "\n").map {
            try Node(parsing: Array($0.utf8), file: "lines").value
        }
        let line = try #require(lines.first { $0["words"]?.string?.contains("has eaten a bite") == true })
        let (start, end) = (try #require(line["start"]?.number), try #require(line["end"]?.number))
        #expect(
            abs(changed.lowerBound - start) < 0.2 && abs(changed.upperBound - end) < 0.3, "\(changed), and the line is at \(start)–\(end)")
        // Nothing is new where an earlier text is put back, but that it is heard again.
        let again = try await edit("Somebody has eaten a bite", "Somebody has taken a bite")
        #expect(abs(again.lowerBound - changed.lowerBound) < 0.2)
        #expect(try await watcher.end(SIGINT) == 0)
    }

    @Test(arguments: [SIGINT, SIGTERM]) func interruptedWhileItWaits(_ signal: Int32) async throws {
        let (_, watcher) = try await watching()
        #expect(try await watcher.end(signal) == 0)
    }

    @Test func interruptedDuringACommand() async throws {
        let machine = try Machine()
        let watcher = try Watcher(machine, [Machine.letters, "--then", "echo now >&2; sleep 60"])
        try await watcher.says("now")
        #expect(try await watcher.end(SIGINT) == 0)
    }

    @Test func interruptedDuringABuild() async throws {
        let machine = try Machine()
        // Actions that take as long as the test wants.
        let gate = "\(machine.directory)/go"
        try machine.replace("wc -l", with: "until [ -e \(gate) ]; do sleep 0.1; done; wc -l", in: Self.pipeline)
        let watcher = try Watcher(machine, [Machine.letters])
        try await watcher.says("words: 3 of 3 executed")
        watcher.signal(SIGINT)
        try await watcher.says("running actions are finished and stored")
        try Data().write(to: URL(filePath: gate))
        #expect(try await watcher.end() == 130, "\(watcher.errors)")
        #expect(try watcher.builds.last?.outcome == "interrupted")
    }

    /// A date that an episode waits for is looked for, though no file changes.
    @Test func aDateThatComesIsABuild() async throws {
        let machine = try await Radio.machine()
        let due = Date.now.addingTimeInterval(5).formatted(.iso8601)
        try Radio.add("next", "number: 2\nseason: 2\ntitle: Next\ndate: \(due)\n", says: "This is the future.", to: machine)
        let watcher = try Watcher(machine, ["radio"])
        let isThere = try await Patience.wait { try machine.text("radio/out/feed.xml").contains("<title>Next</title>") }
        #expect(isThere, "\(watcher.errors)")
    }

    @Test func severalShowsAtOnce() async throws {
        let machine = try await Machine.withMoonBuilt()
        let watcher = try Watcher(machine, [Machine.letters, Machine.moon])
        _ = try await watcher.waits(forBuilds: 2)
        #expect(try Set(watcher.builds.map(\.episode)) == [Machine.letters, Machine.moon])
        try machine.write(Array("Only this.".utf8), to: Self.text)
        #expect(try await watcher.waits(forBuilds: 3).episode == Machine.letters)
        try machine.replace("Moon", with: "moon", in: "\(Machine.moon)/script.fountain")
        #expect(try await watcher.waits(forBuilds: 4).episode == Machine.moon)
        try await watcher.staysQuiet(seconds: 2)
    }

    /// In a user namespace whose limit is 0, as if all watches were taken.
    @Test func withoutWatchesStatesAreCompared() async throws {
        let machine = try Machine()
        let limit = "echo 0 > /proc/sys/user/max_inotify_watches"
        guard try await Program.run(["unshare", "-r", "sh", "-c", limit], in: "/", environment: machine.environment()).status == 0 else {
            return print("withoutWatchesStatesAreCompared: skipped, as this system gives no user namespace")
        }
        let watcher = try Watcher(machine, [Machine.letters], wrapper: ["unshare", "-r", "sh", "-c", "\(limit); exec \"$@\"", "sh"])
        _ = try await watcher.waits(forBuilds: 1)
        #expect(watcher.errors.contains("no watches left"), "\(watcher.errors)")
        try machine.write(Array("Polled.".utf8), to: Self.text)
        #expect(try await watcher.waits(forBuilds: 2).executed("words") == 1)
        #expect(watcher.errors.ranges(of: "no watches left").count == 1)
        #expect(try await watcher.end(SIGINT) == 0)
    }

    private func write(_ text: String, inPlaceOf path: String) throws {
        let descriptor = open(path, O_WRONLY | O_TRUNC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    }
}
