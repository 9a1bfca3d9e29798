import EpCache
import EpCore
import EpDelivery
import EpEngine
import EpExecution
import EpFiles
import EpPlan
import EpTools

/// The spoken lines of an episode, listened to: `epbuild check --heard`. What was heard in a sound is kept in the cache, so that it is
/// listened to once.
struct HeardLines: Sendable {
    private let desk: Desk
    private let place: EpisodePlace
    /// How the episode is named on a command line.
    let shown: String
    private let examiner: Examiner
    private static let rule = "heard"

    init(of place: EpisodePlace, shown: String, _ desk: Desk, _ examiner: Examiner) {
        (self.place, self.shown, self.desk, self.examiner) = (place, shown, desk, examiner)
    }

    /// One of each line.
    /// - Parameter say: is told what is done.
    /// - Throws: `Diagnostic` if the episode cannot be planned, or if who listens fails.
    func findings(say: (String) -> Void) async throws -> [Finding] {
        let inspection = try await desk.builder.inspect(place, forgiving: false, warn: { _ in })
        let lines = try desk.lines(of: inspection).filter { !$0.isSkipped && $0.state != nil }
        guard !lines.isEmpty else { return [] }
        let blueprint = try Node(fileAt: "\(place.show)/show.yaml").value
        let hearing = await LineHearing(
            examiner.vendors, of: inspection.workspace, language: blueprint["language"]?.string, examiner.runner.forBuild()
        ) { DiskInputs(paths: [:], known: $0) }
        guard let hearing else {
            return [
                note("not done: nobody on this machine can listen", "epbuild providers install whisper; or a provider that is a program")
            ]
        }
        let spoken = lines.filter { $0.state == .upToDate }
        say("\(shown): \(hearing.name) listens to \(spoken.count) \(spoken.count == 1 ? "line" : "lines")")
        let heard = try await hear(spoken, hearing, inspection)
        let judged = zip(spoken, heard).map { judge($0, $1, hearing, blueprint) }
        let (rest, odd) = (lines.count - spoken.count, judged.filter { $0.result != .pass }.count)
        return judged
            + (rest == 0 ? [] : [note("\(rest) of \(lines.count) are not spoken as they are written now", "build it first")])
            + (hearing.isRough && odd > 0
                ? [note("\(hearing.name) mishears much, and is no judge", "epbuild providers install whisper, and check again")] : [])
    }

    private func note(_ measured: String, _ remedy: String) -> Finding {
        Finding(Self.rule, "lines", .note, measured: measured, wanted: "every line heard as it is written", place: shown, remedy: remedy)
    }

    private func judge(_ line: LineAnswer, _ heard: String, _ hearing: LineHearing, _ blueprint: Value) -> Finding {
        let errors = hearing.errors(in: heard, for: line.title.words, by: line.title.speaker ?? "", of: blueprint)
        let place = line.title.place.map { "\(Path($0.file).name):\($0.line)" } ?? "\(line.target)"
        return Finding(
            Self.rule, "\(line.target) \(line.title.speaker ?? "")", errors == nil ? .pass : hearing.isRough ? .note : .fail,
            measured: heard.isEmpty ? "no word" : "\"\(heard)\"", wanted: "\"\(line.title.words)\"", place: place,
            remedy: "listen to it: epbuild play \(shown) \(place)")
    }

    /// What is heard in each line, two at a time.
    private func hear(_ lines: [LineAnswer], _ hearing: LineHearing, _ inspection: Inspection) async throws -> [String] {
        let home = try TemporaryHome(in: examiner.temporaryDirectory)
        for (index, line) in lines.enumerated() {
            let made = try desk.builder.files(of: line.target, take: nil, in: inspection).first { $0.name.hasSuffix("line.wav") }
            if let made { try desk.builder.copy(made, to: "\(home.path)/\(index).wav") }
        }
        return try await withThrowingTaskGroup(of: (Int, String).self) { group in
            var heard = [String](repeating: "", count: lines.count)
            for index in lines.indices {
                if index >= 2, let (done, text) = try await group.next() { heard[done] = text }
                group.addTask {
                    guard let wav = try Files.read("\(home.path)/\(index).wav") else { return (index, "") }
                    return (index, try await transcript(of: wav, hearing) {
                        let path = "\(home.path)/\(index)"
                        try Directory.make(path)
                        return path
                    })
                }
            }
            for try await (done, text) in group { heard[done] = text }
            return heard
        }
    }

    /// From the cache, or by listening.
    private func transcript(
        of wav: [UInt8], _ hearing: LineHearing, in directory: @escaping @Sendable () throws -> String
    ) async throws -> String {
        let inputs: [InputTree.Entry] = [
            .init(label: "heard.json", digest: Digest(of: Array(hearing.settings.utf8))), .init(label: "line.wav", digest: Digest(of: wav)),
        ]
        let action = Action(arguments: ["epbuild:transcript"], outputs: [Self.transcript], inputs: InputTree(inputs)).digest
        let cache = examiner.cache
        if case .hit(let result) = cache.lookup(action, requiring: [Self.transcript]), let blob = result[Self.transcript],
            let bytes = try cache.bytes(blob)
        {
            return String(decoding: bytes, as: UTF8.self)
        }
        let text = try await hearing.transcript(of: wav, in: directory)
        // Where nothing can be kept, it is listened to each time.
        if let blob = try? cache.stage(bytes: Array(text.utf8)) {
            let result = ActionResult(outputs: [.init(path: Self.transcript, digest: blob.digest)], servedBy: hearing.name)
            _ = try? await cache.publish(result, for: action, blobs: [blob])
        }
        return text
    }

    private static let transcript = "transcript.txt"
}
