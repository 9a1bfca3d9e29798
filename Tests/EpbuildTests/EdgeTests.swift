import FoundationEssentials
import Glibc
import Testing

/// Words of a command line and places on a machine that are not as they were meant to be.
@Suite struct EdgeTests {
    @Test func anItemOfAStageWithoutItems() async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n"])
        for word in ["build", "plan"] {
            let outcome = try await show.machine.run(word, SmallShow.episode, "joined/3")
            #expect(outcome.status == 64 && outcome.errors.contains("stage \"joined\" has no item \"3\"\n  → name the stage alone"), "\(outcome)")
            let other = try await show.machine.run(word, SmallShow.episode, "texts/2.txt")
            #expect(other.status == 64 && other.errors.contains("stage \"texts\" has no item \"2.txt\"\n  → did you mean \"1.txt\"?"), "\(other)")
        }
        try await show.machine.run("build", SmallShow.episode, "texts/1.txt").expect(0)
        try show.write("two\n", to: "show/ep/deep/a/2.txt")
        try show.write(SmallShow.pipeline.replacing("texts/*.txt", with: "deep/**/*.txt"), to: "show/pipeline.yaml")
        for word in ["texts/a", "texts/a/2.txt", "upper/a"] { try await show.machine.run("build", SmallShow.episode, word).expect(0) }
    }

    /// A second episode whose name is wrong is no target that can be left out.
    @Test(arguments: [["status"], ["cost", "--by", "speaker"]]) func aWordThatNamesNothing(_ words: [String]) async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n", "show/ep2/episode.yaml": "title: F\n"])
        let outcome = try await Program.run(
            [Program.epbuild] + words + [SmallShow.episode, "show/epp2"], in: show.machine.workspace, environment: show.machine.environment())
        #expect(outcome.status == 64 && outcome.errors.contains("there is no directory show/epp2\n  → did you mean show/ep2?"), "\(outcome)")
    }

    /// A word behind an episode that was to be another one is no stage of the first, unless a stage is nearer.
    @Test(arguments: [
        (["show/epp2"], "there is no episode show/epp2, and no stage of that name\n  → did you mean show/ep2?"),
        (["shw/ep2"], "there is no episode shw/ep2, and no stage of that name\n  → did you mean show/ep2?"),
        (["show/other"], "there is no episode show/other, and no stage of that name\n  → known: ep, ep2"),
        (["upper", "show/ep2"], "show/ep2 stands behind a target\n  → name all episodes first"),
        (["shiw"], "there is no episode shiw, and no stage of that name\n  → did you mean show?"),
        (["uper"], "there is no stage \"uper\"\n  → did you mean \"upper\"?"),
        (["show/ep2/texts/1.txt"], "show/ep2/texts/1.txt is a file, and no stage\n  → name a stage"),
        (["show/ep2/texts/1.txt:2"], "there is no stage \"show\""),
        (["show/drafts"], "show/drafts is no episode, show or workspace"),
    ])
    func aMisspeltSecondEpisodeIsNoStage(_ words: [String], _ says: String) async throws {
        let show = try SmallShow([
            "show/ep/texts/1.txt": "one\n", "show/ep2/episode.yaml": "title: F\n", "show/ep2/texts/1.txt": "one\n", "show/drafts/1.txt": "one\n",
        ])
        for command in ["build", "plan", "why"] {
            let outcome = try await Program.run(
                [Program.epbuild, command, SmallShow.episode] + words, in: show.machine.workspace, environment: show.machine.environment())
            #expect(outcome.status == 64 && outcome.errors.contains(says), "\(command): \(outcome)")
        }
    }

    /// Which of many elements lacks what a command or a prompt names.
    @Test func anElementWithoutAFieldIsNamed() async throws {
        let show = try SmallShow([
            "show/pipeline.yaml": "stages:\n  a: { tool: command, each: { who: episode.people }, run: [echo, \"{{ who.age }}\"], outputs: [o] }\n",
            "show/ep/episode.yaml": "title: E\npeople:\n  - { name: A, age: 1 }\n  - { name: B }\n  - { name: C, age: 3 }\n",
        ])
        let one = try await show.machine.run("build", SmallShow.episode)
        let says = "show/pipeline.yaml:2:66: error: `who.age` is not defined for a/B (show/ep/episode.yaml:4:5)\n"
        #expect(one.status == 65 && one.errors.contains(says), "\(one)")
        try show.write("title: E\npeople:\n  - { name: A, age: 1 }\n  - { name: B }\n  - { name: C }\n", to: "show/ep/episode.yaml")
        #expect(try await show.machine.run("build", SmallShow.episode).errors.contains("(show/ep/episode.yaml:4:5), and for 1 more\n"))
        // Where all lack it, the mistake is the stage's.
        try show.write("title: E\npeople:\n  - { name: A }\n  - { name: B }\n", to: "show/ep/episode.yaml")
        #expect(try await show.machine.run("build", SmallShow.episode).errors.contains("`who.age` is not defined\n"))
    }

    /// What waits for its turn at a provider takes as long as that has places, and not as long as processors are busy.
    @Test func anEstimateIsMadeForThePools() async throws {
        struct Plan: Decodable {
            struct Estimate: Decodable { let secondsLow, secondsHigh: Double? }
            let estimate: Estimate
        }
        let texts = Dictionary(uniqueKeysWithValues: (1...8).map { ("show/ep/texts/\($0).txt", "\($0)\n") })
        let show = try SmallShow(texts)
        try show.write(SmallShow.pipeline.replacing("tool: command, each: texts", with: "tool: command, pool: desk, each: texts"), to: "show/pipeline.yaml")
        try show.write("limits: { pools: { desk: 8 } }\n", to: "epbuild.yaml")
        try await show.build().expect(.built)
        try await show.machine.run("clean", SmallShow.episode, "upper").expect(0)
        var found: [Double] = []
        for width in [1, 4, 8] {
            try show.write("limits: { pools: { desk: \(width) } }\n", to: "epbuild.yaml")
            let plan = try await show.machine.run("plan", SmallShow.episode, "--json").output
            found.append(try #require(JSONDecoder().decode(Plan.self, from: Data(plan.utf8)).estimate.secondsLow))
        }
        #expect(found[0] > 3.5 * found[1] && found[1] > 1.5 * found[2], "\(found)")
    }

    /// Nor is it passed over when nothing is stale.
    @Test func filesOfOtherNamesAreToldOfByEachBuild() async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n", "show/ep2/Episode.yaml": "title: F\n"])
        rename("\(show.machine.workspace)/epbuild.yaml", "\(show.machine.workspace)/epbuild.yml")
        for _ in 1...3 {
            let whole = try await show.machine.run("build", "show")
            #expect(whole.status == 0 && whole.errors.contains("/epbuild.yml is not read: the file must be called epbuild.yaml"), "\(whole)")
            #expect(whole.errors.contains("/ep2/Episode.yaml is not read: the file must be called episode.yaml"), "\(whole)")
        }
        let outcome = try await Program.run(
            [Program.epbuild, "status"], in: "\(show.machine.workspace)/show/ep2", environment: show.machine.environment())
        #expect(outcome.status == 65 && outcome.errors.contains(". has no episode\n  → rename "), "\(outcome)")
    }

    @Test func providersOfADirectoryThatIsNotThere() async throws {
        let show = try SmallShow()
        let outcome = try await show.machine.run("providers", "nope")
        #expect(outcome.status == 64 && outcome.errors.contains("there is no directory nope"), "\(outcome)")
    }

    @Test func allCodesAreObjects() async throws {
        struct Code: Decodable { let id, code, meaning: String }
        let lines = try await SmallShow().machine.run("explain", "--json").output.split(separator: "\n")
        let codes = try lines.map { try JSONDecoder().decode(Code.self, from: Data($0.utf8)) }
        #expect(codes.count > 10 && codes.first?.code == "usage" && codes.allSatisfy { !$0.meaning.isEmpty })
    }

    /// Nothing is built that lies somewhere else.
    @Test func aWorkingDirectoryThatIsGone() async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n"])
        let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" \"$@\""
        for (word, says) in [(".", "there is no directory ."), ("../show", "there is no directory ../show")] {
            let outcome = try await Program.run(
                ["sh", "-c", script, Program.epbuild, word], in: show.machine.workspace, environment: show.machine.environment())
            #expect(outcome.status == 64 && outcome.errors.contains(says), "\(outcome)")
        }
    }

    /// Not every place where variables are set is a shell.
    @Test func aCacheInTheHomeDirectory() async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n"])
        let home = "\(show.machine.workspace)/home"
        mkdir(home, 0o755)
        try await show.machine.run("build", SmallShow.episode, environment: ["EPBUILD_CACHE": "~/c", "HOME": home]).expect(0)
        #expect(access("\(home)/c/ac", F_OK) == 0 && access("\(show.machine.workspace)/~", F_OK) != 0)
    }

    /// The directory is named that lets nobody through, not a file of which nobody knows whether it is there.
    @Test func aDirectoryThatIsClosed() async throws {
        let show = try SmallShow(["show/ep/texts/1.txt": "one\n"])
        chmod("\(show.machine.workspace)/show/ep", 0)
        defer { chmod("\(show.machine.workspace)/show/ep", 0o755) }
        let asAnybody = getuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
        let outcome = try await Program.run(
            asAnybody + [Program.epbuild, "show"], in: show.machine.workspace, environment: show.machine.environment())
        guard outcome.status != 0 else { return print("aDirectoryThatIsClosed: skipped, as everything can be read here") }
        #expect(
            outcome.status == 65 && outcome.errors.contains("/show/ep cannot be looked into: Permission denied\n  → make the directory readable"),
            "\(outcome)")
    }

    /// What several episodes have in common is made once, and so it is planned.
    @Test func aPlanOfEpisodesThatAreAlike() async throws {
        struct Plan: Decodable {
            struct Step: Decodable {
                let target: String
                let sameAs, episode: String?
            }
            let run, shared: [Step]
        }
        let show = try SmallShow([
            "show/ep/texts/1.txt": "one\n", "show/ep2/texts/1.txt": "one\n", "show/ep2/texts/2.txt": "two\n", "show/ep2/episode.yaml": "title: F\n",
        ])
        let plans = try await show.machine.run("plan", "show", "--json").output.split(separator: "\n").map {
            try JSONDecoder().decode(Plan.self, from: Data($0.utf8))
        }
        #expect(plans.map { $0.run.map(\.target) } == [["upper/1.txt"], ["upper/2.txt"]])
        #expect(plans.last?.shared.map(\.target) == ["upper/1.txt"] && plans.last?.shared.first?.sameAs == "upper/1.txt")
        #expect(plans.last?.shared.first?.episode == SmallShow.episode)
        let told = try await show.machine.run("plan", "show").output
        #expect(told.contains("show/ep2: 1 to run") && told.contains("  upper/1.txt  the same as upper/1.txt of show/ep, made once\n"), "\(told)")
        let alone = try await show.machine.run("plan", "show/ep2").output
        #expect(alone.contains("show/ep2: 2 to run"), "\(alone)")
        let reports = try await show.machine.run("build", "show", "--json").output.split(separator: "\n").map { try Report(String($0)) }
        #expect(reports.map { $0.executed("upper") }.reduce(0, +) == 2)
    }

    /// More jobs than processors take no less time.
    @Test func anEstimateIsMadeForTheProcessors() async throws {
        struct Plan: Decodable {
            struct Estimate: Decodable { let secondsHigh: Double? }
            let estimate: Estimate
        }
        let texts = Dictionary(uniqueKeysWithValues: (1...6).map { ("show/ep/texts/\($0).txt", "\($0)\n") })
        let show = try SmallShow(texts)
        try await show.build().expect(.built)
        try await show.machine.run("clean", SmallShow.episode, "upper").expect(0)
        let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        var found: [Double?] = []
        for jobs in [processors, 2 * processors, 100] {
            try show.write("limits: { jobs: \(jobs) }\n", to: "epbuild.yaml")
            let plan = try await show.machine.run("plan", SmallShow.episode, "--json").output
            found.append(try JSONDecoder().decode(Plan.self, from: Data(plan.utf8)).estimate.secondsHigh)
        }
        #expect(found[0] != nil && Set(found).count == 1, "\(found)")
    }

    /// A file of which nothing is needed has no lines.
    @Test func linesOfAScriptThatNeedNotBeThere() async throws {
        let show = try SmallShow([
            "show/pipeline.yaml": """
                stages:
                  list: { source: list.txt, optional: true }
                  upper: { tool: command, each: list.lines, run: [sh, -c, "tr a-z A-Z < in > out"], inputs: { in: item }, outputs: [out] }
                  all: { tool: command, run: [sh, -c, "ls parts > all.txt"], inputs: { parts: upper }, outputs: [all.txt], deliver: true }

                """
        ])
        try await show.build().expect(.built, executed: 1)
        try show.write("one\ntwo\n", to: "show/ep/list.txt")
        try await show.build().expect(.built, executed: 3, ["upper": 2])
    }
}
