import FoundationEssentials
import Glibc
import Testing

/// A machine with a film of many tiny scenes: plain colours that alternate, and tones of a second.
struct FilmShow {
    static let pipeline = """
        stages:
          scenes: { source: scenes.yaml }
          cards:  { tool: command, each: { scene: scenes.scenes }, run: [sh, -c, "ffmpeg -nostdin -v error -f lavfi -i color=c=$(cat colour):size=64x36 -frames:v 1 card.png"], inputs: { colour: scene.colour }, outputs: [card.png] }
          sounds: { tool: command, each: { scene: scenes.scenes }, run: [sh, -c, "ffmpeg -nostdin -v error -f lavfi -i sine=frequency=400:sample_rate=16000:duration=$(cat length) line.wav"], inputs: { length: scene.length }, outputs: [line.wav] }
          videos: { tool: video, each: { scene: scenes.scenes }, from: [cards, sounds], size: 320x180 }
          film:   { tool: package, from: [videos, sounds, scenes], output: film.mp4 }

        """

    let show: SmallShow
    var machine: Machine { show.machine }
    static let out = "\(SmallShow.episode)/out"

    /// - Parameter count: of scenes: every twelfth has a title.
    init(scenes count: Int, pipeline: String = Self.pipeline) throws {
        let scenes = (0..<count).map { index in
            let title = index.isMultiple(of: 12) ? ", title: Part \(index / 12 + 1)" : ""
            let (colour, thousandths) = (index.isMultiple(of: 2) ? "black" : "white", 537 + 91 * (index * 5 % 12))
            return
                "  - { id: s\(index + 1), colour: \(colour), length: \(Double(thousandths) / 1000)\(title), narration: This is scene \(index + 1). }"
        }
        show = try SmallShow([
            "show/pipeline.yaml": pipeline, "show/ep/scenes.yaml": "title: A film\nscenes:\n\(scenes.joined(separator: "\n"))\n",
            "show/show.yaml": "title: T\nauthor: Nobody\n",
        ])
    }

    static let ofHundredScenes: Task<FilmShow, any Error> = Task {
        let film = try FilmShow(scenes: 100)
        try await film.show.build().expect(.built)
        atexit { try? Temporary.removeMachines() }
        return film
    }

    struct Timing: Decodable {
        struct Scene: Decodable { let start_seconds: Double, final_seconds: Double, sound_seconds: Double, frames: Int }
        let duration_seconds: Double, scenes: [Scene]
    }

    var timing: Timing { get throws { try JSONDecoder().decode(Timing.self, from: Data(machine.read("\(Self.out)/film.timing.json"))) } }

    /// What a program says of the film and writes on standard output.
    func run(_ words: String...) async throws -> Program.Outcome {
        let outcome = try await Program.run(words, in: machine.workspace, environment: machine.environment())
        try #require(outcome.status == 0, "\(outcome)")
        return outcome
    }

    /// Has ffmpeg write what it decodes, and reads that.
    func decoded(_ words: String...) async throws -> [UInt8] {
        let file = "\(machine.directory)/decoded-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let outcome = try await Program.run(
            ["ffmpeg", "-nostdin", "-v", "error"] + words + [file], in: machine.workspace, environment: machine.environment())
        try #require(outcome.status == 0, "\(outcome)")
        return try [UInt8](Data(contentsOf: URL(filePath: file)))
    }

    /// The moments at which something is heard after silence, in seconds.
    func onsets(of file: String = "\(Self.out)/film.mp4") async throws -> [Double] {
        let bytes = try await decoded("-i", file, "-map", "0:a", "-ac", "1", "-ar", "48000", "-f", "s16le")
        var (onsets, silent) = ([Double](), Int.max)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let sample = Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
            guard abs(Int(sample)) > 800 else {
                silent = silent == .max ? .max : silent + 1
                continue
            }
            if silent > 4800 { onsets.append(Double(index / 2) / 48_000) }
            silent = 0
        }
        return onsets
    }

    /// How bright each frame is, from 0 to 255.
    func brightness(of file: String = "\(Self.out)/film.mp4", from start: Double? = nil, frames: Int? = nil) async throws -> [UInt8] {
        let seek = start.map { ["-ss", "\($0)"] } ?? []
        let most = frames.map { ["-frames:v", "\($0)"] } ?? []
        let words = seek + ["-i", file, "-map", "0:v"] + most + ["-vf", "scale=1:1,format=gray", "-f", "rawvideo"]
        let path = "\(machine.directory)/frames-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let outcome = try await Program.run(
            ["ffmpeg", "-nostdin", "-v", "error"] + words + [path], in: machine.workspace, environment: machine.environment())
        try #require(outcome.status == 0, "\(outcome)")
        return try [UInt8](Data(contentsOf: URL(filePath: path)))
    }
}
