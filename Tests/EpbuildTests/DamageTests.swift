import FoundationEssentials
import Glibc
import Testing

/// A damaged cache costs time, never a wrong byte and never the build.
@Suite struct DamageTests {
    @Test func flippedBytesAreHealed() async throws {
        var dice = Dice(for: "flippedBytesAreHealed")
        let machine = try await Machine.withMoonBuilt()
        let expected = try machine.outputs(of: Machine.moon)
        var healed = 0
        for _ in 1...5 {
            let damaged = try damage(machine, files: 4, &dice)
            machine.remove("\(Machine.moon)/out")
            let build = try await machine.build(Machine.moon).expect()
            #expect(try machine.outputs(of: Machine.moon) == expected, "damaged: \(damaged)")
            healed += try build.report.actions.executed
        }
        #expect(healed > 0, "nothing that was damaged was ever made anew")
    }

    @Test func anEditOverADamagedCacheGivesTheRightBytes() async throws {
        var dice = Dice(for: "anEditOverADamagedCache")
        let sound = try await Machine.withMoonBuilt()
        let damaged = try Machine(copying: sound)
        let files = try damage(damaged, files: 12, &dice)
        for machine in [sound, damaged] {
            try machine.replace("like a cheese", with: "like a pie", in: "\(Machine.moon)/script.fountain")
            try await machine.build(Machine.moon).expect(.built)
        }
        #expect(try damaged.outputs(of: Machine.moon) == sound.outputs(of: Machine.moon), "damaged: \(files)")
    }

    /// More damage than a build may repeat its pass for one reason: every blob is another reason, and they come to an end.
    @Test func everyBlobIsDamaged() async throws {
        var dice = Dice(for: "everyBlobIsDamaged")
        let machine = try await Machine.withMoonBuilt()
        let expected = try machine.outputs(of: Machine.moon)
        for file in machine.files(below: "\(machine.cache)/cas") { try flip("\(machine.cache)/cas/\(file)", &dice) }
        machine.remove("\(Machine.moon)/out")
        let build = try await machine.build(Machine.moon).expect(.built)
        let repeats = build.outcome.errors.split(separator: "\n").count { $0.hasPrefix("once more") }
        print("everyBlobIsDamaged: \(repeats) repeated passes, \(try build.report.seconds) s")
        #expect(repeats > 8)
        #expect(try machine.outputs(of: Machine.moon) == expected)
    }

    /// Whatever stands in a blob's place, what needs it is made again, and said so once.
    @Test(.timeLimit(.minutes(10)), arguments: ["directory", "pipe", "link", "closed"]) func aBlobThatCannotBeRead(
        _ kind: String
    ) async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        let expected = try machine.outputs(of: Machine.letters)
        for file in machine.files(below: machine.cache) where file.hasPrefix("cas/") || file.hasPrefix("ac/") {
            let path = "\(machine.cache)/\(file)"
            if kind != "closed" { unlink(path) }
            switch kind {
            case "directory": mkdir(path, 0o755)
            case "pipe": mkfifo(path, 0o644)
            case "link": symlink("/etc/passwd", path)
            // Root reads it all the same.
            default: chmod(path, 0)
            }
        }
        machine.remove("\(Machine.letters)/out")
        try await machine.build(Machine.letters).expect()
        #expect(try machine.outputs(of: Machine.letters) == expected)
        let verify = try await machine.run("cache", "verify")
        let again = try await machine.run("cache", "verify")
        #expect(again.status == 0 && again.output.contains("sound"), "\(verify) \(again)")
        machine.remove("\(Machine.letters)/out")
        try await machine.build(Machine.letters).expect(executed: 0)
        #expect(try machine.outputs(of: Machine.letters) == expected)
    }

    /// Every file of a small cache, in turn.
    @Test func anyFileOfALettersCache() async throws {
        var dice = Dice(for: "anyFileOfALettersCache")
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        let expected = try machine.outputs(of: Machine.letters)
        for file in machine.files(below: machine.cache) where file.hasPrefix("cas/") || file.hasPrefix("ac/") {
            try flip("\(machine.cache)/\(file)", &dice)
            machine.remove("\(Machine.letters)/out")
            machine.remove(".epbuild")
            try await machine.build(Machine.letters).expect()
            #expect(try machine.outputs(of: Machine.letters) == expected, "damaged: \(file)")
        }
        // What no build has read since is found by `verify`, and set aside.
        _ = try await machine.run("cache", "verify")
        #expect(try await machine.run("cache", "verify").status == 0)
        try await machine.build(Machine.letters).expect(.upToDate)
    }

    private func damage(_ machine: Machine, files count: Int, _ dice: inout Dice) throws -> [String] {
        let files = machine.files(below: machine.cache).filter { $0.hasPrefix("cas/") || $0.hasPrefix("ac/") }
        try #require(files.count > count)
        let chosen = Array(files.shuffled(using: &dice).prefix(count))
        for file in chosen { try flip("\(machine.cache)/\(file)", &dice) }
        return chosen
    }
}
