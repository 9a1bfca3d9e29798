import EpCore
import EpPlan
import Glibc
import Testing

@testable import EpEngine

@Suite struct DeliveryRecordTests {
    private func place() throws -> (Stage, EpisodePlace) {
        let stage = try Stage()
        return (stage, try stage.place())
    }

    @Test(arguments: ["a b.mp3", "new\nline", "cafe\u{301}", "a/\u{301}b"]) func whatIsWrittenIsRead(_ name: String) throws {
        let (stage, place) = try place()
        var record = try DeliveryRecord(of: place)
        record.add(digest("old"), at: Path(name))
        record.add(digest("new"), at: Path(name))
        try record.write()
        var read = try DeliveryRecord(of: place)
        #expect(read.digests == record.digests)
        #expect(
            read.has(digest("old"), at: Path(name)) && read.has(digest("new"), at: Path(name)) && !read.has(digest("other"), at: Path(name))
        )
        read.set(nil, at: Path(name))
        try read.write()
        #expect(!stage.directory.exists("w/show/ep/out/.delivered"))
    }

    /// Whatever a record says, it reaches nothing outside, and a merge's marks are no digests.
    @Test func aDamagedRecordNamesNothing() throws {
        let (stage, place) = try place()
        let hex = digest("precious").hex
        try stage.directory.write("precious", to: "w/show/ep/notes.md")
        try stage.directory.write(
            "<<<<<<< ours\n\(hex) ../notes.md\n\(hex) /etc/passwd\n\(hex) a//b\n=======\nnonsense\n\(hex.dropLast()) x\n",
            to: "w/show/ep/out/.delivered")
        #expect(try DeliveryRecord(of: place).digests.isEmpty)
        var stale = StaleFiles(of: place)
        try stale.remove(except: Delivery.Written(), from: DeliveryRecord(of: place))
        #expect(stage.directory.exists("w/show/ep/notes.md") && stale.removed.isEmpty)
    }

    /// What a show has once is on a record of its own: its directory may be an episode's, too.
    @Test func aShowHasItsOwn() throws {
        let (_, place) = try place()
        #expect(
            DeliveryRecord.path(of: Discovery.show(of: place))
                != DeliveryRecord.path(of: EpisodePlace(directory: place.show, show: place.show, workspace: place.workspace, isShow: false))
        )
    }
}

/// What goes from `out/`, and what stays.
@Suite struct DeliveryTests {
    private let out = "w/show/ep/out"
    private func pipeline(_ name: String, say: String = "x") -> String { "  one: { tool: hash, output: \(name).txt, say: \(say) }\n" }

    /// A build that knows nothing of the last one but what lies in `out/`.
    private func forget(_ stage: Stage) throws {
        try stage.directory.remove("w/.epbuild")
        try stage.directory.remove("cache")
    }

    @Test func whatIsDeliveredNoLongerGoesWhoeverDeliveredIt() async throws {
        let stage = try Stage()
        try stage.pipeline(pipeline("old"))
        #expect(try await stage.build().outputs == ["out/old.txt"])
        try stage.pipeline(pipeline("new"))
        try forget(stage)
        #expect(try await stage.build().outputs == ["out/new.txt"])
        #expect(stage.directory.exists("\(out)/new.txt") && !stage.directory.exists("\(out)/old.txt"))
    }

    /// As a build leaves it that is killed after it has delivered.
    @Test func whatAKilledBuildDeliveredGoes() async throws {
        let stage = try Stage()
        try stage.pipeline(pipeline("old"))
        try await stage.build()
        let (record, old) = (try stage.directory.read("\(out)/.delivered"), try stage.directory.read("\(out)/old.txt"))
        try stage.directory.write("half", to: "\(out)/middle.txt")
        try stage.directory.write(
            (record ?? "") + "\(digest("half").hex) middle.txt\n\(digest("never written").hex) other.txt\n", to: "\(out)/.delivered")
        try stage.pipeline(pipeline("new"))
        try await stage.build()
        #expect(!stage.directory.exists("\(out)/middle.txt") && !stage.directory.exists("\(out)/old.txt"))
        #expect(try stage.directory.read("\(out)/new.txt") == old, "the same text under another name")
        #expect(try stage.directory.read("\(out)/.delivered")?.contains("middle") == false)
    }

    @Test func whatSomebodyHasChangedStays() async throws {
        let stage = try Stage()
        try stage.pipeline(pipeline("a", say: "first"))
        try await stage.build()
        try stage.directory.write("mine", to: "\(out)/a.txt")
        let events = Events()
        try stage.pipeline(pipeline("a", say: "second"))
        #expect(try await stage.build(events: events).outcome == .built)
        #expect(try stage.directory.read("\(out)/a.txt") == "mine")
        #expect(events.warnings == ["w/show/ep/out/a.txt is not as it was delivered: it is yours, and stands as it is"])
        #expect(try stage.isUpToDate())
        // Delivered no longer, it still is a person's.
        try stage.pipeline(pipeline("b"))
        let more = Events()
        try await stage.build(events: more)
        #expect(try stage.directory.read("\(out)/a.txt") == "mine")
        #expect(more.warnings == ["w/show/ep/out/a.txt is delivered no longer, and is not as it was delivered: it is yours, and is kept"])
        try stage.pipeline(pipeline("a", say: "second"))
        try stage.directory.remove("\(out)/a.txt")
        try await stage.build()
        #expect(try stage.directory.read("\(out)/a.txt") != "mine", "what is moved away is delivered anew")
    }

    @Test func whatWasNeverDeliveredStays() async throws {
        let stage = try Stage()
        try stage.directory.write("mine", to: "\(out)/a.txt")
        try stage.directory.write("mine, too", to: "\(out)/b.txt")
        try stage.pipeline(pipeline("a"))
        try await stage.build()
        #expect(try stage.directory.read("\(out)/a.txt") == "mine")
        #expect(try stage.directory.read("\(out)/b.txt") == "mine, too")
    }

    @Test func aDirectoryInTheWayIsAMessage() async throws {
        let stage = try Stage()
        try stage.pipeline(pipeline("a"))
        try stage.directory.write("", to: "\(out)/a.txt/x")
        let problem = Diagnostic(
            .badInput, "w/show/ep/out/a.txt is a directory, not a file", remedy: "move it away, or put a file in its place")
        #expect(try await stage.build().failures.map(\.problem) == [problem])
    }

    @Test(arguments: [
        ("one", "  a: { tool: hash, output: n.txt }\n  b: { tool: hash, output: n.txt, say: x }\n"),
        ("fan-out", "  a: { tool: hash, output: b }\n  t: { source: \"t/*\" }\n  b: { tool: hash, each: t, output: n.txt }\n"),
        ("record", "  a: { tool: hash, output: .delivered }\n"),
    ])
    func oneNameForTwoFilesIsAMessage(_ name: String, _ stages: String) async throws {
        let stage = try Stage()
        try stage.directory.write("x", to: "w/show/ep/t/1.txt")
        try stage.pipeline(stages)
        let problem = try #require(try await stage.build().failures.first).problem
        #expect(problem.code == .badInput && problem.location?.file == "w/show/pipeline.yaml", "\(problem)")
        #expect(stage.runner.takeRuns().isEmpty, "before anything runs")
    }

    /// As processes leave them that were killed while they wrote.
    @Test func halfWrittenFilesGo() async throws {
        let stage = try Stage()
        try stage.pipeline(pipeline("a"))
        let (dead, alive) = (".epbuild-999999999-1", ".epbuild-\(getpid())-1")
        let directories = ["w/show/ep", out, "w/.epbuild"] + ["memo", "trace", "recall", "edits"].map { "w/.epbuild/\($0)" }
        for name in [dead, alive, ".epbuild-x"] {
            for directory in directories { try stage.directory.write("half", to: "\(directory)/\(name)") }
        }
        try await stage.build()
        for directory in directories {
            #expect(
                !stage.directory.exists("\(directory)/\(dead)") && stage.directory.exists("\(directory)/\(alive)")
                    && stage.directory.exists("\(directory)/.epbuild-x"))
        }
    }

    /// A draft's files go with the next whole build, whoever has made them.
    @Test func aDraftGoes() async throws {
        let stage = try Stage()
        try stage.pipeline(pipeline("a"))
        var options = BuildOptions()
        options.isDraft = true
        #expect(try await stage.build(options).outputs == ["out/DRAFT-a.txt"])
        try forget(stage)
        try await stage.build()
        #expect(!stage.directory.exists("\(out)/DRAFT-a.txt") && stage.directory.exists("\(out)/a.txt"))
    }
}
