import EpCore
import EpPlan
import EpSound

/// Whether a sound can be the speech of a text: it is no proof, but nothing of this kind is ever kept.
public enum SpokenCheck {
    /// Nobody speaks so fast: characters a second.
    private static let fastest = 60.0
    /// Nobody speaks so slowly.
    private static let slowest = 2.5
    /// Before and after speech, in seconds.
    private static let around = 6.0

    /// What a program has spoken, as it is kept: a WAV file.
    /// - Parameter name: of the provider.
    /// - Throws: `StepFailure` (a bad answer) with what is wrong.
    public static func wav(ofProgram bytes: [UInt8], saying text: String, by name: String) throws -> [UInt8] {
        do throws(ProviderFailure) { return try wav(bytes, saying: text) } catch { throw StepFailure(error.diagnostic(of: name)) }
    }

    /// A sound of any form that can be the speech of a text, as a WAV file.
    static func wav(_ bytes: [UInt8], saying text: String) throws(ProviderFailure) -> [UInt8] {
        let sound: PCM
        let measure: LineMeasure
        do {
            sound = try PCM(sound: bytes, named: "its sound")
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
            throw ProviderFailure(
                .badAnswer, "its sound is far too long for the text: \(shown(sound.seconds)) s for \(Int(letters)) letters")
        }
        return SoundFormat.of(bytes) == .wav ? bytes : sound.wav()
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

    /// The same at another rate, with all channels in one.
    func signed16(at rate: Int) throws(Diagnostic) -> [UInt8] {
        let mono = isStereo ? PCM(sampleRate: sampleRate, channels: [zip(channels[0], channels[1]).map { ($0 + $1) / 2 }]) : self
        return Array(try mono.resampled(to: rate).wav().dropFirst(44))
    }
}
