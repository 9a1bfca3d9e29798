import EpCore
import EpSound

/// Whether a sound can be the speech of a text: it is no proof, but nothing of this kind is ever kept.
enum SpokenCheck {
    /// Nobody speaks so fast: characters a second.
    private static let fastest = 60.0
    /// Nobody speaks so slowly.
    private static let slowest = 2.5
    /// Before and after speech, in seconds.
    private static let around = 6.0

    static func check(_ wav: [UInt8], saying text: String) throws(ProviderFailure) {
        let sound: PCM
        let measure: LineMeasure
        do {
            sound = try PCM(wav: wav, named: "its sound")
            guard sound.count > 0 else { throw Diagnostic(.badAnswer, "the sound is empty") }
            measure = try LineMeasure(of: sound)
        } catch {
            throw ProviderFailure(.badAnswer, [Diagnostic](describing: error).first?.message ?? "its sound cannot be read")
        }
        if measure.isSilent { throw ProviderFailure(.badAnswer, "its sound is silent") }
        if measure.isClipped { throw ProviderFailure(.badAnswer, "its sound is clipped") }
        let spoken = Double(measure.length) / Double(sound.sampleRate)
        let letters = Double(text.unicodeScalars.count { $0.properties.isAlphabetic || $0.properties.numericType != nil })
        if spoken < letters / fastest {
            throw ProviderFailure(.badAnswer, "its sound is far too short for the text: \(shown(spoken)) s for \(Int(letters)) letters")
        }
        if sound.seconds > around + letters / slowest {
            throw ProviderFailure(.badAnswer, "its sound is far too long for the text: \(shown(sound.seconds)) s for \(Int(letters)) letters")
        }
    }

    private static func shown(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10)" }
}

extension PCM {
    /// Raw samples of 16 bits, low byte first, one channel: `audio/L16` as voices send it.
    init(signed16 bytes: some Collection<UInt8>, sampleRate: Int) {
        var samples: [Float] = []
        samples.reserveCapacity(bytes.count / 2)
        var low: UInt8?
        for byte in bytes {
            if let first = low {
                samples.append(Float(Int16(bitPattern: UInt16(first) | UInt16(byte) << 8)) / 32768)
                low = nil
            } else {
                low = byte
            }
        }
        self.init(sampleRate: sampleRate, channels: [samples])
    }
}
