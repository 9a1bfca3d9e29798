@testable import EpRemote
import Testing

@Suite struct CircuitTests {
    @Test func opensAfterThreeFailuresInARow() {
        var circuit = Circuit()
        #expect(circuit.failed(.timedOut, during: .read) == .init(isNew: true))
        #expect(circuit.failed(.unreachable, during: .upload) == .init(isNew: true))
        circuit.succeeded()
        #expect(circuit.failed(.timedOut, during: .read) == .init())
        #expect(circuit.failed(.timedOut, during: .read) == .init())
        #expect(circuit.allows(.read) && circuit.allows(.upload))
        #expect(circuit.failed(.timedOut, during: .read) == .init(opens: true))
        #expect(circuit.isOpen && !circuit.allows(.read) && !circuit.allows(.upload))
        circuit.succeeded()
        #expect(circuit.failed(.broken, during: .read) == .init())
        #expect(circuit.isOpen)
    }

    @Test func aRefusedUploadEndsUploadsOnly() {
        var circuit = Circuit()
        #expect(circuit.failed(.full, during: .upload) == .init(isNew: true, endsUploads: true))
        for _ in 0..<10 { #expect(circuit.failed(.full, during: .upload) == .init()) }
        #expect(circuit.allows(.read) && !circuit.allows(.upload))
    }

    @Test func aRefusedLookupCountsAndEndsUploads() {
        var circuit = Circuit()
        #expect(circuit.failed(.denied, during: .read) == .init(isNew: true, endsUploads: true))
        #expect(circuit.allows(.read) && !circuit.allows(.upload))
        #expect(circuit.failed(.denied, during: .read) == .init())
        #expect(circuit.failed(.denied, during: .read) == .init(opens: true))
    }

    @Test func whatIsOnlyReadNeverUploads() {
        var circuit = Circuit(uploads: false)
        #expect(circuit.allows(.read) && !circuit.allows(.upload))
        #expect(circuit.failed(.denied, during: .read) == .init(isNew: true))
    }

    @Test func opensOnce() {
        var circuit = Circuit()
        let first = circuit.open()
        let second = circuit.open()
        #expect(first && !second)
    }
}
