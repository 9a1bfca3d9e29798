import EpCore
import EpSound
import Glibc

/// A temporary directory that goes with its test, and the programs that this module is compared with.
final class Peer {
    let directory: String

    init() {
        var template = Array("/tmp/epsound-XXXXXX".utf8CString)
        directory = mkdtemp(&template).map { String(cString: $0) }!
    }

    deinit { _ = Self.shell("rm -r \(directory)") }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Runs a command line; its standard output and standard error together.
    static func shell(_ command: String) -> String {
        String(decoding: output(of: command + " 2>&1"), as: UTF8.self)
    }

    static func output(of command: String) -> [UInt8] {
        let pipe = popen(command, "r")!
        defer { pclose(pipe) }
        return bytes(of: pipe)
    }

    private static func bytes(of file: UnsafeMutablePointer<FILE>) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    func read(_ name: String) -> [UInt8] {
        let file = fopen(path(name), "r")!
        defer { fclose(file) }
        return Self.bytes(of: file)
    }

    @discardableResult
    func write(_ bytes: [UInt8], _ name: String) -> String {
        let file = fopen(path(name), "w")!
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        return path(name)
    }

    /// A line spoken by espeak-ng, as it came: 22.05 kHz mono.
    func speech(_ text: String = "The rocket flies because hot gas rushes out of its engine.") throws -> PCM {
        _ = Self.shell("espeak-ng -w \(path("line.wav")) '\(text)'")
        return try PCM(wav: read("line.wav"), named: "line.wav")
    }

    /// What ffmpeg decodes: 44.1 kHz stereo.
    func decoded(_ name: String) -> [[Float]] {
        let bytes = Self.output(of: "ffmpeg -v quiet -i \(path(name)) -f f32le -ac 2 -")
        return bytes.withUnsafeBytes { raw in
            let samples = raw.bindMemory(to: Float.self)
            return (0..<2).map { channel in stride(from: channel, to: samples.count, by: 2).map { samples[$0] } }
        }
    }

    /// Integrated loudness by ffmpeg's ebur128, in LUFS to three decimals.
    func loudness(_ name: String) -> Double {
        let text = Self.shell(
            "ffmpeg -v quiet -i \(path(name)) -af ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=- -f null -")
        return Double(text.split(separator: "=").last!.split(separator: "\n")[0])!
    }

    /// True peak by ffmpeg's ebur128, in dBTP.
    func truePeak(_ name: String) -> Double {
        let text = Self.shell("ffmpeg -hide_banner -nostats -i \(path(name)) -af ebur128=peak=true -f null -")
        let summary = text.split(separator: "\n").last { $0.contains("Peak:") && $0.contains("dBFS") }!
        return Double(summary.split(separator: " ").dropLast().last!)!
    }
}

/// A random generator whose seed a failing test prints.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ mixed >> 33
    }
}

extension PCM {
    /// A test tone at 44.1 kHz, mono unless told otherwise.
    static func tone(_ frequency: Double, seconds: Double, amplitude: Double = 0.5, channels: Int = 1) -> PCM {
        let step = 2 * Double.pi * frequency / 44_100
        let samples = (0..<Int(seconds * 44_100)).map { Float(amplitude * sin(step * Double($0))) }
        return PCM(sampleRate: 44_100, channels: Array(repeating: samples, count: channels))
    }

    static func noise(seconds: Double, amplitude: Float, seed: UInt64, channels: Int = 2) -> PCM {
        var random = Seeded(seed)
        return PCM(
            sampleRate: 44_100,
            channels: (0..<channels).map { _ in
                (0..<Int(seconds * 44_100)).map { _ in Float.random(in: -amplitude...amplitude, using: &random) }
            })
    }
}

/// 10 log₁₀ of the power of a signal over that of its difference from another, in dB.
func signalToNoise(_ signal: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Double {
    var power = 0.0
    var noise = 1e-20
    for (left, right) in zip(signal, other) {
        power += Double(left) * Double(left)
        noise += Double(left - right) * Double(left - right)
    }
    return 10 * log10(power / noise)
}
