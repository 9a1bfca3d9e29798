import EpCore
import EpPlan
import EpTesting
import FoundationEssentials
import Testing

/// `epbuild publish`: whole shows, to a directory and to an object store that looks at signatures.
@Suite struct PublishTests {
    private func published(_ machine: Machine, _ name: String = "site") -> [String] { machine.files(below: "\(machine.directory)/\(name)") }

    private func site(_ machine: Machine, _ name: String = "site") throws -> String {
        let path = "\(machine.directory)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func built(_ show: String = Radio.show) async throws -> Machine {
        let machine = try await Radio.machine(show: show)
        try await machine.run("build", "radio").expect(0)
        return machine
    }

    /// Every address of the feed at a place is there, and as long as the feed says.
    private func expectWhole(_ site: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
        guard let feed = try? String(contentsOfFile: "\(site)/feed.xml", encoding: .utf8) else { return }
        let addresses = feed.split { "\"<>".contains($0) }.filter { $0.hasPrefix("https://example.org/radio/") }
        #expect(addresses.count > 6, sourceLocation: sourceLocation)
        for address in addresses {
            let path = Radio.decoded(address.dropFirst("https://example.org/radio/".count))
            #expect(FileManager.default.fileExists(atPath: "\(site)/\(path)"), "\(address) is not there", sourceLocation: sourceLocation)
        }
        let sounds = addresses.filter { $0.hasSuffix(".mp3") }.map { Radio.decoded($0.dropFirst("https://example.org/radio/".count)) }
        let lengths = try sounds.map { try Data(contentsOf: URL(filePath: "\(site)/\($0)")).count }
        #expect(Set(lengths.map(String.init)) == Set(Radio.values("length", of: "enclosure", in: feed)), sourceLocation: sourceLocation)
    }

    @Test func onlyWhatChangedIsPut() async throws {
        let machine = try await built(), site = try site(machine)
        let plan = try await machine.run("publish", "radio", "--to", site, "--dry-run")
        plan.expect(0, says: "would be put there")
        #expect(published(machine).isEmpty)
        let first = try await machine.run("publish", "radio", "--to", site)
        first.expect(0, says: "put there", "0 as they were")
        #expect(first.errors.split(separator: "\n").last?.hasPrefix("→ feed.xml") == true, "the feed comes last: \(first)")
        try expectWhole(site)
        #expect(
            published(machine).contains("season 2/über/out/001-e1.mp3")
                && !published(machine).contains { $0.contains(".delivered") || $0.contains(".epbuild") })
        try await machine.run("publish", "radio", "--to", site).expect(0, says: "0 files put there (0 B)")

        try machine.replace("part 0.", with: "part nought, said at some more length.", in: "radio/one/script.fountain")
        try await machine.run("build", "radio").expect(0)
        let second = try await machine.run("publish", "radio", "--to", site, "--json")
        let report = try Node(parsing: Array(second.output.utf8), file: "json").value
        let put = try #require(report["put"]?.list).compactMap { $0["path"]?.string }
        #expect(
            put.last == "feed.xml" && put.contains("one/out/001-e0.mp3")
                && put.allSatisfy { ["feed.xml", "out/index.html"].contains($0) || $0.hasPrefix("one/out/") }, "\(second)")
        try expectWhole(site)
        // What somebody has damaged or taken away there is put again.
        try Data([0]).write(to: URL(filePath: "\(site)/one/out/001-e0.mp3"))
        try FileManager.default.removeItem(atPath: "\(site)/a/b/c/out/001-e2.mp3")
        try await machine.run("publish", "radio", "--to", site).expect(0, says: "2 files put there")
        try expectWhole(site)
    }

    @Test func whatTheFeedLeavesOutIsToldAndWhatIsStaleGoesOnDemand() async throws {
        let machine = try await built(), site = try site(machine)
        try await machine.run("publish", "radio", "--to", site).expect(0)
        try machine.edit("radio/one/episode.yaml") { $0 + "publish: false\n" }
        try await machine.run("build", "radio").expect(0)
        let told = try await machine.run("publish", "radio", "--to", site)
        told.expect(0, errors: "one is left out, as the feed does not name it", "no longer of the show: one/out/", "--prune")
        #expect(published(machine).contains("one/out/001-e0.mp3"))
        try Data([1]).write(to: URL(filePath: "\(site)/one/out/of a person.txt"))
        try await machine.run("publish", "radio", "--to", site, "--prune", "--dry-run").expect(0, errors: "no longer of the show")
        #expect(published(machine).contains("one/out/001-e0.mp3"))
        try await machine.run("publish", "radio", "--to", site, "--prune").expect(0, says: "removed")
        #expect(
            published(machine).filter { $0.hasPrefix("one/") } == ["one/out/of a person.txt"],
            "what is not in the list is nobody's to remove")
        try expectWhole(site)
        #expect(try await !machine.run("publish", "radio", "--to", site).errors.contains("no longer"))
    }

    @Test func oneEpisodeIsPublishedWithTheFeed() async throws {
        let machine = try await built(), site = try site(machine)
        try await machine.run("publish", "radio/one", "--to", site).expect(
            65, errors: "neither built here nor published", "epbuild publish radio")
        #expect(published(machine).isEmpty)
        try await machine.run("publish", "radio", "--to", site).expect(0)
        try machine.replace("part 0.", with: "part nought.", in: "radio/one/script.fountain")
        try machine.replace("part 2.", with: "part two, said at some more length.", in: "radio/a/b/c/script.fountain")
        try await machine.run("build", "radio").expect(0)
        let outcome = try await machine.run("publish", "radio/one", "--to", site)
        // The feed tells of the other, too, in its new length.
        outcome.expect(65, errors: "nothing was published", "epbuild publish radio")
        try await machine.run("publish", "radio/one", "radio/a/b/c", "--to", site).expect(0)
        try expectWhole(site)
    }

    @Test func theShowTellsWhere() async throws {
        let machine = try await built()
        try await machine.run("publish", "radio").expect(64, errors: "where to?", "publish: s3://bucket/prefix")
        _ = try site(machine)
        try machine.edit("radio/show.yaml") { "publish: ../../site\n" + $0 }
        try await machine.run("publish", "radio").expect(0, says: "put there")
        try expectWhole("\(machine.directory)/site")
        try machine.edit("radio/show.yaml") { $0.replacing("publish: ../../site", with: "publish: { to: ../../site, regoin: x }") }
        try await machine.run("publish", "radio").expect(65, errors: "radio/show.yaml:1:28", "regoin", "region")
        try machine.edit("radio/show.yaml") { $0.replacing("{ to: ../../site, regoin: x }", with: "https://example.org") }
        try await machine.run("publish", "radio").expect(
            65, errors: "radio/show.yaml:1:10", "nothing can be published at https://example.org")
        try await machine.run("publish", "radio", "--to", "\(machine.directory)/nowhere").expect(69, errors: "nowhere", "mkdir -p")
    }

    /// Two shows at one place would take each other's feed away.
    @Test func eachShowHasAPlaceOfItsOwn() async throws {
        let machine = try await built(), site = try site(machine)
        try await machine.run("publish", "radio", "--to", site).expect(0)
        try machine.replace("0f3a2c44", with: "1f3a2c44", in: "radio/show.yaml")
        try await machine.run("build", "radio").expect(0)
        try await machine.run("publish", "radio", "--to", site).expect(
            64, errors: "another show is published at", "0f3a2c44", "a place of its own")
    }

    @Test func aFeedThatIsOutOfDateIsNotPublished() async throws {
        let machine = try await built(), site = try site(machine)
        try machine.write(machine.read("radio/one/out/001-e0.mp3") + [0, 0, 0], to: "radio/one/out/001-e0.mp3")
        try await machine.run("publish", "radio", "--to", site).expect(
            65, errors: "the feed says that one/out/001-e0.mp3 has", "epbuild radio")
        #expect(published(machine).isEmpty)
    }

    /// Whenever it ends, the feed names what is there; the same command goes on.
    @Test func killedInTheMiddle() async throws {
        var dice = Dice(for: "killedInTheMiddle")
        let machine = try await built(), site = try site(machine)
        var (killed, midway) = (0, 0)
        for round in 0..<24 {
            // Now and then something changes, so that there is something to put.
            if round % 4 == 0 {
                try machine.edit("radio/one/script.fountain") { $0 + "\nPIP\nAnd this is round \(round).\n" }
                try await machine.run("build", "radio").expect(0)
            }
            if round % 8 == 0 {
                try FileManager.default.removeItem(atPath: site)
                _ = try self.site(machine)
            }
            let seconds = Double.random(in: 0.005...0.12, using: &dice)
            let words = [
                "timeout", "--foreground", "--preserve-status", "-s", "KILL", "\(seconds)", Program.epbuild, "publish", "radio", "--to",
                site,
            ]
            let outcome = try await Program.run(words, in: machine.workspace, environment: machine.environment())
            #expect([0, 137].contains(outcome.status), "\(outcome)")
            if outcome.status == 137 { killed += 1 }
            if outcome.status == 137, !published(machine).isEmpty { midway += 1 }
            // What an earlier feed names may be of another length by then, but is there: nothing is removed.
            if round % 4 != 3 { continue }
            try await machine.run("publish", "radio", "--to", site).expect(0)
            try expectWhole(site)
            #expect(!published(machine).contains { $0.hasPrefix(".") }, "\(published(machine))")
        }
        print("killedInTheMiddle: \(killed) of 24 killed, \(midway) with something there")
        #expect(killed > 3)
    }

    @Test func toAnObjectStore() async throws {
        guard let bucket = await Bucket.open() else { return }
        defer { bucket.peer.stop() }
        let machine = try await built()
        try machine.edit("radio/show.yaml") {
            "publish: { to: s3://\(Bucket.name)/radio, endpoint: \"\(bucket.peer.url)\", user_env: PUBLIC_KEY, password_env: PUBLIC_SECRET }\n"
                + $0
        }
        try await machine.run("publish", "radio").expect(69, errors: "radio/show.yaml:1:16", "PUBLIC_KEY is not set")
        let own = bucket.environment
        let keys = ["PUBLIC_KEY": own["AWS_ACCESS_KEY_ID"] ?? "", "PUBLIC_SECRET": own["AWS_SECRET_ACCESS_KEY"] ?? ""]
        // Killed once on its way.
        let killed = ["timeout", "--foreground", "--preserve-status", "-s", "KILL", "0.15", Program.epbuild, "publish", "radio"]
        _ = try await Program.run(killed, in: machine.workspace, environment: machine.environment(keys))
        try await machine.run("publish", "radio", environment: keys).expect(0, says: "put there")
        try await machine.run("publish", "radio", environment: keys).expect(0, says: "0 files put there (0 B)")
        let place = try bucket.place("radio")
        #expect(try await place.read("feed.xml") == machine.read("radio/out/feed.xml"))
        for episode in Radio.episodes {
            for (name, bytes) in try machine.outputs(of: "radio/\(episode)") {
                #expect(try await place.read("\(episode)/out/\(name)") == bytes, "\(name)")
            }
        }
        try machine.edit("radio/one/episode.yaml") { $0 + "publish: false\n" }
        try await machine.run("build", "radio").expect(0)
        try await machine.run("publish", "radio", "--prune", environment: keys).expect(0, says: "removed")
        #expect(try await place.read("one/out/001-e0.mp3") == nil)
    }
}
