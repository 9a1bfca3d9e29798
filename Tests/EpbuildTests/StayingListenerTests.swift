import FoundationEssentials
import Glibc
import Testing

/// Listeners stay loaded for a build: pocketsphinx by its library, Whisper as it is installed.
@Suite struct StayingListenerTests {
    /// In the place of the Whisper that `epbuild providers install whisper` brings. It notes each start, and crashes once if it is told to.
    private static let whisper = """
        #!/bin/sh
        [ "$1" = --version ] && { echo "whisper 1"; exit; }
        echo $$ >> "PLACE/starts"
        [ "$1" = --serve ] || exit 7
        while read -r name; do
            [ -e "PLACE/crash" ] && rm "PLACE/crash" && kill -9 $$
            [ -e "PLACE/wait" ] && sleep 1000
            answer='{"text": "'$(md5sum "$name" | cut -c1-8)'", "words": []}'
            printf 'ok %s\\n%s' "${#answer}" "$answer"
        done
        """

    private let show: SmallShow
    private var place: String { show.machine.directory }
    private var starts: [pid_t] {
        ((try? String(contentsOfFile: "\(place)/starts", encoding: .utf8)) ?? "").split(separator: "\n").compactMap { pid_t($0) }
    }
    private var environment: [String: String] { ["PATH": "\(place)/bin:\(show.machine.environment()["PATH"] ?? "")"] }

    init() async throws {
        show = try SmallShow([
            "epbuild.yaml": "limits: { jobs: 2 }\nproviders: { ears: { tool: transcribe, use: whisper } }\n",
            "show/show.yaml": "title: T\nlanguage: en\n",
            "show/pipeline.yaml": """
            stages:
              recording: { source: recording.wav }
              transcript: { tool: transcribe, recording: recording, deliver: true }

            """,
        ])
        try show.write(Self.whisper.replacing("PLACE", with: place), to: "../bin/epbuild-whisper")
        chmod("\(place)/bin/epbuild-whisper", 0o755)
        // Bursts of noise: several pieces to be listened to.
        try await MediaMaker(machine: show.machine).make(
            "-f lavfi -i anoisesrc=amplitude=0.3:seed=1:r=16000:d=120 -af volume=eval=frame:volume='gt(mod(t\\,7)\\,0.8)' recording.wav")
    }

    private func build() async throws -> Build { try await show.machine.build(SmallShow.episode, environment: environment) }

    private func isRunning(_ process: pid_t) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !state.contains(") Z ")
    }

    /// As many are loaded as listen at once, and none is left. What one crash over has taken is asked again.
    @Test func listenersAreLoadedOnceAndACrashIsTriedAgain() async throws {
        try await build().expect(.built)
        let transcript = try show.machine.read("\(SmallShow.episode)/out/transcript.json")
        #expect((1...2).contains(starts.count), "\(starts)")
        try await Patience.wait { !starts.contains(where: isRunning) }
        let loaded = starts.count

        try show.write("", to: "../crash")
        try FileManager.default.removeItem(atPath: show.machine.cache)
        show.machine.remove(".epbuild")
        try await build().expect(.built)
        #expect(starts.count - loaded <= 3 && starts.count > loaded)
        #expect(!FileManager.default.fileExists(atPath: "\(place)/crash"))
        #expect(try show.machine.read("\(SmallShow.episode)/out/transcript.json") == transcript)
        let events = try show.machine.files(below: "\(show.machine.workspace)/.epbuild/events").map {
            try show.machine.text(".epbuild/events/\($0)")
        }
        #expect(events.joined().contains("action_retried"))
    }

    /// Nothing is left of a listener after `kill -9` of the build.
    @Test func aKilledBuildLeavesNone() async throws {
        try show.write("", to: "../wait")
        let script = """
            '\(Program.epbuild)' build \(SmallShow.episode) 2> /dev/null & p=$!
            until [ -s '\(place)/starts' ]; do sleep 0.02; done
            kill -9 $p; wait $p
            """
        _ = try await Program.run(["bash", "-c", script], in: show.machine.workspace, environment: show.machine.environment(environment))
        #expect(!starts.isEmpty)
        #expect(try await Patience.wait { !starts.contains(where: isRunning) })
    }

    /// By its library, pocketsphinx hears the very same as its program, whatever it has heard before.
    @Test func pocketsphinxStaysAndHearsTheSame() async throws {
        let media = MediaMaker(machine: show.machine)
        try await media.shell("""
            flite -voice slt -t 'The harbour was quiet.' -o a.wav; flite -voice rms -t 'Nine boxes of fish, and a letter.' -o b.wav
            for name in a b; do ffmpeg -nostdin -v error -i $name.wav -f s16le -ar 16000 -ac 1 $name.raw; done
            head -c 40000 /dev/zero > quiet.raw; cat a.raw quiet.raw b.raw > both.raw
            for name in b both quiet b; do
                pocketsphinx_continuous -infile $name.raw -time yes -logfn /dev/null > $name.txt
                echo "ok $(stat -c %s $name.txt)"; cat $name.txt
            done > program
            printf 'b.raw\\nboth.raw\\nquiet.raw\\nb.raw\\n' | '\(Program.epbuild)' --listen > library
            """)
        let heard = try show.machine.text("\(SmallShow.episode)/library")
        #expect(try heard == show.machine.text("\(SmallShow.episode)/program"))
        #expect(heard.contains("harbor") && heard.contains("fish"), "\(heard)")
    }
}
