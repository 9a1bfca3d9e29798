import EpCore
import Testing

@testable import EpSound

/// Recordings cut into pieces: where, and what an edit does to them.
@Suite struct SpeechCutsTests {
    private static let rate = SpeechCuts.sampleRate

    /// Something like speech: syllables in words in sentences, with pauses between all of them, over a quiet noise.
    private func speech(seconds: Double, seed: UInt64) -> [Float] {
        var dice = SplitMix(seed)
        func pick(_ range: ClosedRange<Double>) -> Double { range.lowerBound + (range.upperBound - range.lowerBound) * dice.unit() }
        let count = Int(seconds * Double(Self.rate))
        var samples: [Float] = []
        func add(_ seconds: Double, loud: Double) {
            for _ in 0..<Int(seconds * Double(Self.rate)) {
                samples.append(Float(((dice.unit() * 2 - 1) * (0.001 + loud) * 32_768).rounded() / 32_768))
            }
        }
        while samples.count < count {
            for _ in 0..<Int(pick(2...9)) {
                for _ in 0..<Int(pick(1...4)) {
                    add(pick(0.08...0.25), loud: pick(0.05...0.4))
                    add(pick(0.01...0.03), loud: 0.01)
                }
                add(pick(0.03...0.12), loud: 0)
            }
            add(pick(0.35...0.9), loud: 0)
        }
        return Array(samples.prefix(count))
    }

    private func cuts(_ samples: [Float]) throws -> (cuts: SpeechCuts, wavs: [[UInt8]]) {
        let file = try WAVFile(PCM(sampleRate: Self.rate, channels: [samples]).wav(), named: "speech.wav")
        let cuts = try SpeechCuts(of: file)
        return (cuts, try cuts.pieces.map { try SpeechCuts.wav(of: $0, from: file) })
    }

    @Test(arguments: [1 as UInt64, 2, 3])
    func piecesAreOfAGoodLengthAndCutInPauses(_ seed: UInt64) throws {
        let samples = speech(seconds: 240, seed: seed)
        let pieces = try cuts(samples).cuts.pieces
        #expect(pieces.first?.range.lowerBound == 0 && pieces.last?.range.upperBound == samples.count)
        for (piece, next) in zip(pieces, pieces.dropFirst()) { #expect(piece.range.upperBound == next.range.lowerBound) }
        for piece in pieces {
            #expect((SpeechCuts.shortest...SpeechCuts.longest).contains(piece.range.count) && !piece.isSilent)
        }
        #expect(
            pieces.count(where: { $0.range.count >= SpeechCuts.usual }) >= pieces.count * 2 / 3,
            "\(pieces.map { $0.range.count / Self.rate })")
        for piece in pieces.dropFirst() {
            let around = samples[piece.range.lowerBound - Self.rate / 10..<piece.range.lowerBound + Self.rate / 10]
            #expect(around.allSatisfy { abs($0) < 0.0011 }, "cut within a word at \(piece.range.lowerBound)")
        }
    }

    /// Seconds that are put in, taken out or changed, at places that lie on no grid: all pieces but those around them are the same, bit by
    /// bit.
    @Test(arguments: [1 as UInt64, 2, 3, 4])
    func anEditMovesItsOwnCutsAlone(_ seed: UInt64) throws {
        let samples = speech(seconds: 360, seed: seed)
        let before = Set(try cuts(samples).wavs)
        let place = 160 * Self.rate + 12_345
        let other = speech(seconds: 7.77, seed: 99)
        let (head, tail) = (Array(samples[..<place]), Array(samples[place...]))
        var edits: [(String, [Float])] = [("put in", head + other + tail), ("put in before all", other + samples)]
        edits.append(("taken out", head + tail.dropFirst(5 * Self.rate + 77)))
        edits.append(("changed", head + other.prefix(Self.rate) + tail.dropFirst(Self.rate)))
        for (what, edited) in edits {
            let after = try cuts(edited).wavs
            let new = after.filter { !before.contains($0) }
            #expect((1...6).contains(new.count) && after.count > 14, "\(what): \(new.count) new pieces of \(after.count)")
        }
    }

    /// A tone has no quiet place and silence no quietest one: nothing is longer than 29 s all the same. Of what is silent, that is known.
    @Test func soundWithoutPausesIsCutAllTheSame() throws {
        let tone = (0..<100 * Self.rate).map { index in index % 40 < 20 ? 0.25 as Float : -0.25 }
        let silence = [Float](repeating: 0, count: 100 * Self.rate)
        for samples in [tone, silence, tone + silence + tone] {
            let pieces = try cuts(samples).cuts.pieces
            #expect(pieces.allSatisfy { $0.range.count <= SpeechCuts.longest } && pieces.last?.range.upperBound == samples.count)
        }
        #expect(try cuts(silence).cuts.pieces.allSatisfy(\.isSilent))
        #expect(try cuts(tone).cuts.pieces.allSatisfy { !$0.isSilent })
        let mixed = try cuts(tone + silence + tone).cuts.pieces
        #expect(mixed.contains(where: \.isSilent) && !mixed[0].isSilent && mixed.last?.isSilent == false)
        for piece in mixed where piece.isSilent {
            #expect(piece.range.lowerBound >= 100 * Self.rate && piece.range.upperBound <= 200 * Self.rate)
        }
    }

    @Test func shortRecordingsAreOnePiece() throws {
        #expect(try cuts([]).cuts.pieces.isEmpty)
        for seconds in [0.01, 0.3, 5, 29] { #expect(try cuts(speech(seconds: seconds, seed: 1)).cuts.pieces.count == 1) }
    }

    @Test func cutsAreKeptAsText() throws {
        let ranges = SpeechCuts.ranges([], count: 70 * Self.rate)
        let cuts = SpeechCuts(pieces: ranges.enumerated().map { SpeechCuts.Piece($1, isSilent: $0 == 1) })
        #expect(try SpeechCuts(text: cuts.text) == cuts && cuts.pieces.count > 2 && cuts.text.contains(" silent\n"))
        for text in ["x", "5 3\n", "1 2 silent more\n"] { #expect(throws: Diagnostic.self) { try SpeechCuts(text: text) } }
    }

    @Test func soundOfAnotherFormIsRefused() throws {
        let file = try WAVFile(PCM(sampleRate: 8_000, channels: [[0, 0]]).wav(), named: "a.wav")
        #expect(throws: Diagnostic.self) { try SpeechCuts(of: file) }
    }
}

private struct SplitMix {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }
}
