import Testing

@testable import ServerCore

@Suite struct AllowanceTests {
    @Test func whatComesCountsUntilItIsSettled() {
        var allowance = Allowance(limit: 100, held: 40)
        #expect(allowance.fits(60) && !allowance.fits(61) && allowance.isTooMuch(101))
        allowance.expect(50)
        #expect(allowance.fits(10) && !allowance.fits(11))
        allowance.settle(50, isKept: false)
        #expect(allowance.fits(60))
        allowance.expect(30)
        allowance.settle(30, isKept: true)
        #expect(allowance.held == 70 && allowance.coming == 0)
    }

    @Test func trimmingLeavesRoomForWhatComes() {
        var allowance = Allowance(limit: 100, held: 95)
        #expect(allowance.beginTrimming(for: 1) == 90, "some room beyond what is asked for")
        #expect(allowance.beginTrimming(for: 30) == 70)
        allowance.expect(5)
        #expect(allowance.beginTrimming(for: 30) == 65)
        // What is kept while it is looked around is not among what was seen.
        allowance.settle(5, isKept: true)
        allowance.endTrimming(kept: 60)
        #expect(allowance.held == 65)
    }

    @Test func withoutALimitEverythingFits() {
        var allowance = Allowance(limit: nil, held: .max / 2)
        #expect(allowance.fits(.max / 2) && !allowance.isTooMuch(.max) && allowance.beginTrimming(for: 1) == nil)
    }
}

@Suite struct CacheDoorTests {
    private let door: CacheDoor
    private static let token = "0123456789abcdef-token"

    init() throws { door = CacheDoor(.init(loopback: 8643), try Users(token: Self.token, user: User(name: "Ana", role: .viewer))) }

    private func status(_ authorization: String?, as role: Role?, host: String = "127.0.0.1:8643") -> Int {
        let headers = [(name: "host", value: host)] + (authorization.map { [(name: "authorization", value: $0)] } ?? [])
        do {
            _ = try door.admit(WebRequest(method: "GET", target: "/", headers: headers), as: role)
            return 200
        } catch { return error.status }
    }

    /// RFC 4648, section 10.
    @Test func base64() {
        for (text, plain) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmFy", "foobar")] {
            #expect(Base64.decoded(text[...]) == Array(plain.utf8))
        }
        #expect(Base64.decoded("Z g=") == nil && Base64.decoded("Zg-_") == nil)
    }

    @Test func aTokenIsABearersOrAPassword() {
        #expect(status("Bearer \(Self.token)", as: .viewer) == 200)
        #expect(status("Basic QW5hOjAxMjM0NTY3ODlhYmNkZWYtdG9rZW4=", as: .viewer) == 200)
        #expect(status("Basic RXZlOjAxMjM0NTY3ODlhYmNkZWYtdG9rZW4=", as: .viewer) == 401, "of another user's name")
        for wrong in [nil, "", "Bearer", "Bearer wrong", "Basic", "Basic !", "Basic QW5h", "Digest \(Self.token)"] {
            #expect(status(wrong, as: .viewer) == 401, "\(wrong ?? "")")
        }
        #expect(status("Bearer \(Self.token)", as: .editor) == 403)
        #expect(status(nil, as: nil) == 200 && status(nil, as: nil, host: "evil.example") == 421)
    }

    @Test func onlyDigestsAreAskedFor() {
        let hex = String(repeating: "0", count: 64)
        #expect(CacheRoute(["cas", hex]) != nil && CacheRoute(["ac", hex]) != nil && CacheRoute(["metrics"]) != nil)
        for path in [
            [], ["cas"], ["cas", "..", hex], ["cas", ".."], ["cas", hex.replacing("0", with: "A")], ["tmp", hex], ["audit.jsonl"],
        ] { #expect(CacheRoute(path) == nil) }
    }
}
