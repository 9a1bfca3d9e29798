import EpCore
import EpEngine
import EpPlan
import Testing

@testable import EpDesk

/// Two takes of an artifact beside each other, as `diff --takes` and the server tell of them.
@Suite struct TakeDifferenceTests {
    private let plan = Target(parsing: "plan")

    private func desk(_ show: TestShow) async throws -> Desk {
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        _ = try await desk.clean(.targets([plan]), at: place)
        _ = await desk.start(place, BuildOptions()).end()
        return desk
    }

    @Test func takesThatCameOutTheSameAreToldSo() async throws {
        let show = try TestShow("  plan: { tool: echo, say: x }\n")
        let desk = try await desk(show)
        let inspection = try await desk.builder.inspect(show.place())
        let found = try desk.differences(of: plan, takes: (Take(1), Take(2)), in: inspection)
        #expect(found.map(\.name) == ["out"] && found.map(\.isSame) == [true] && found[0].sides.map(\.take.number) == [1, 2])
        #expect(found[0].value(text: nil) { "/\($0.take.number)" }.json().contains("\"path\":\"/2\""))
    }

    @Test func aTakeThatIsNotHereIsNamed() async throws {
        let show = try TestShow("  plan: { tool: echo, say: x }\n")
        let desk = try await desk(show)
        let inspection = try await desk.builder.inspect(show.place())
        let problem = #expect(throws: Diagnostic.self) { try desk.differences(of: plan, takes: (Take(1), Take(3)), in: inspection) }
        #expect(problem?.message == "take 3 of plan is not in the local cache" && problem?.remedy != nil)
    }

    private func difference(_ old: [UInt8], _ new: [UInt8]?) -> TakeDifference {
        let sides = [old, new].enumerated().compactMap { index, bytes in
            bytes.map { bytes in TakeDifference.Side(take: Take(index + 1), digest: Digest(of: bytes), servedBy: "echo") { bytes } }
        }
        return TakeDifference(target: plan, action: "plan", name: "out", sides: sides)
    }

    @Test func textsHaveADifferenceOfLines() throws {
        let text = try #require(try difference(Array("a\nb\n".utf8), Array("a\nc\n".utf8)).text())
        #expect(text.contains("take 1/plan/out") && text.contains("take 2/plan/out"))
        #expect(text.hasSuffix("@@ -1,2 +1,2 @@\n a\n-b\n+c\n"), "\(text)")
        #expect(try difference(Array("a".utf8), Array("b".utf8)).text(atMost: 0) == nil, "what is too long is not compared")
    }

    @Test(arguments: [([0, 1], [1]), ([0xFF], [1]), (Array(repeating: 65, count: 5000) + [0], [1])] as [([UInt8], [UInt8])])
    func whatIsNoTextHasNone(old: [UInt8], new: [UInt8]) throws { #expect(try difference(old, new).text() == nil) }

    @Test func anOutputOfOneTakeAloneStandsAlone() throws {
        let alone = difference([65], nil)
        #expect(try alone.text() == nil && !alone.isSame && alone.value(text: nil)["files"]?.list?.count == 1)
    }

    @Test func aSoundHasItsLengthAndItsLoudness() throws {
        let side = difference(Array("RIFFx".utf8), [1]).sides
        guard case .unreadable(let why)? = try side[0].heard() else { return #expect(Bool(false), "a damaged WAV file says why") }
        #expect(!why.isEmpty)
        #expect(try side[1].heard() == nil)
    }
}
