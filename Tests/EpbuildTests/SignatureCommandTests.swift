import FoundationEssentials
import Testing

/// `cache keys`, `cache sign` and `cache verify --signatures`.
@Suite struct SignatureCommandTests {
    private struct Key {
        let secret: String
        let open: String
    }

    private func key(_ name: String) async throws -> Key {
        let outcome = try await Machine().run("cache", "keys", "make", name)
        let secret = String(try #require(outcome.output.split(separator: "=", maxSplits: 1).last)).filter { !$0.isWhitespace }
        let open = try await Machine().run("cache", "keys", "public", environment: ["EPBUILD_SIGNING_KEY": secret]).output
        return Key(secret: secret, open: open.filter { !$0.isWhitespace })
    }

    private func name(_ share: SharedDirectory, in machine: Machine, _ keys: String) throws {
        try machine.edit("epbuild.yaml") { text in
            text.split(separator: "\n").filter { !$0.hasPrefix("cache:") }.joined(separator: "\n")
                + "\ncache: { remotes: [ { url: \(share.path), \(keys) } ] }\n"
        }
    }

    /// What was shared without a key is signed afterwards, and then taken by who trusts the key; a key is changed without making anything
    /// anew.
    @Test func whatStandsUnsignedIsSignedAfterwards() async throws {
        let share = try SharedDirectory()
        let (first, second) = (try await key("studio"), try await key("studio-2"))
        let (maker, reader) = (try Machine(), try Machine())
        try name(share, in: maker, "push: true")
        try await maker.build(Machine.letters).expect(.built, executed: 10)
        try name(share, in: reader, "trust: [ \"\(first.open)\" ]")
        let refused = try await reader.run("cache", "pull", Machine.letters)
        #expect(refused.output.contains("0 results copied"), "\(refused)")

        let environment = ["EPBUILD_SIGNING_KEY": first.secret, "NEXT_KEY": second.secret]
        let signing = "push: true, sign_env: EPBUILD_SIGNING_KEY, trust: [ \"\(first.open)\" ]"
        try name(share, in: maker, signing)
        let unsigned = try await maker.run("cache", "verify", "--signatures", Machine.letters, environment: environment)
        #expect(
            unsigned.status == 1 && unsigned.output.contains("10 unsigned") && unsigned.output.contains("10 are not taken"), "\(unsigned)")
        let signed = try await maker.run("cache", "sign", Machine.letters, environment: environment)
        #expect(signed.status == 0 && signed.output.contains("10 results signed in \(share.path)"), "\(signed)")
        let again = try await maker.run("cache", "sign", Machine.letters, environment: environment)
        #expect(again.output.contains("0 results signed") && again.output.contains("10 had been signed by this key"), "\(again)")
        let good = try await maker.run("cache", "verify", "--signatures", Machine.letters, "--json", environment: environment)
        #expect(good.status == 0 && good.output.contains("\"keys\":{\"studio\":10}"), "\(good)")

        // The next key signs beside the first, and then stands alone.
        try name(share, in: maker, signing.replacing("sign_env: EPBUILD_SIGNING_KEY", with: "sign_env: NEXT_KEY"))
        let next = try await maker.run("cache", "sign", Machine.letters, environment: environment)
        #expect(next.output.contains("10 results signed"), "\(next)")
        try name(share, in: reader, "trust: [ \"\(second.open)\" ]")
        try await reader.build(Machine.letters).expect(.built, executed: 0)
        #expect(try reader.digests(of: Machine.letters) == maker.digests(of: Machine.letters))
    }

    /// Nobody vouches for what he has not got.
    @Test func whatIsAnotherThanHereIsNotSigned() async throws {
        let share = try SharedDirectory()
        let studio = try await key("studio")
        let maker = try Machine()
        try name(share, in: maker, "push: true")
        try await maker.build(Machine.letters).expect(.built)
        let entries = maker.files(below: "\(share.path)/ac")
        // Each result stands under the next one's action.
        let bytes = try entries.map { try Data(contentsOf: URL(filePath: "\(share.path)/ac/\($0)")) }
        for (entry, other) in zip(entries, bytes.dropFirst() + bytes.prefix(1)) {
            try other.write(to: URL(filePath: "\(share.path)/ac/\(entry)"))
        }
        try name(share, in: maker, "push: true, sign_env: EPBUILD_SIGNING_KEY")
        let outcome = try await maker.run("cache", "sign", Machine.letters, environment: ["EPBUILD_SIGNING_KEY": studio.secret])
        #expect(outcome.output.contains("0 results signed"), "\(outcome)")
    }

    @Test func keysAreListedAndMistakesTold() async throws {
        let share = try SharedDirectory()
        let (studio, other) = (try await key("studio"), try await key("other"))
        let machine = try Machine()
        try name(share, in: machine, "push: true, sign_env: EPBUILD_SIGNING_KEY, trust: [ \"\(studio.open)\" ]")
        let environment = ["EPBUILD_SIGNING_KEY": other.secret]
        let list = try await machine.run("cache", "keys", "list", environment: environment)
        #expect(list.output.contains(studio.open) && list.output.contains("signs with EPBUILD_SIGNING_KEY: \(other.open)"), "\(list)")
        #expect(list.output.contains("is not taken back from there"), "\(list)")
        #expect(!list.output.contains(other.secret))
        #expect(try await machine.run("cache", "keys", "list").output.contains("which holds no key"))
        #expect(try await machine.run("cache", "keys", "public").status == 64)
        #expect(try await machine.run("cache", "keys", "make", "a:b").status == 64)
        let unsigned = try Machine()
        try name(share, in: unsigned, "push: true")
        let nobody = try await unsigned.run("cache", "sign", Machine.letters)
        #expect(nobody.status == 64 && nobody.errors.contains("no shared cache in which results are signed"), "\(nobody)")
        #expect(try await unsigned.run("cache", "verify", Machine.letters).status == 64)
    }
}
