import FoundationEssentials
import Testing

/// `--offline` in a network of its own, whose only way out counts what leaves it.
@Suite struct OfflineTests {
    /// Runs a command in a namespace with a loopback and a way to everywhere that leads nowhere, and says how many packets went there.
    private static let namespace = """
        ip link add out type veth peer name nowhere && ip link set out addrgenmode none && ip link set nowhere addrgenmode none
        ip addr add 10.20.0.1/16 dev out && ip link set nowhere up && ip link set out up && ip link set lo up && ip route add default dev out || exit 99
        printf 'nameserver 10.20.9.9\\noptions timeout:1 attempts:1\\n' > "$HOME/resolv.conf" && mount --bind "$HOME/resolv.conf" /etc/resolv.conf || exit 99
        "$@"; status=$?
        set -- $(sed -n 's/^ *out: *//p' /proc/net/dev)
        echo "packets: ${10}"
        exit $status
        """

    private func build(_ show: SmallShow, _ words: String...) async throws -> (outcome: Program.Outcome, packets: Int?) {
        let command = ["unshare", "-rnm", "sh", "-c", Self.namespace, "sh", Program.epbuild, "build", SmallShow.episode] + words
        let outcome = try await Program.run(
            command, in: show.machine.workspace, environment: show.machine.environment(["FAR_KEY": "sk-far"]))
        return (outcome, outcome.output.firstMatch(of: /packets: ([0-9]+)/).flatMap { Int($0.output.1) })
    }

    @Test func offlineSendsNothing() async throws {
        let show = try SmallShow([
            "epbuild.yaml": """
            providers:
              far: { tool: llm, use: openai, model: m, base_url: "https://models.example/v1", api_key_env: FAR_KEY, attempts: 1, timeout_seconds: 2, fallback: [near] }
              near: { tool: llm, use: program, run: [cp, prompt.md, answer] }
              ears: { tool: transcribe, use: openai, model: m, base_url: "http://10.20.7.7:9/v1", api_key_env: FAR_KEY }
            cache: { remotes: [{ url: "http://cache.example:8080" }, { url: "http://10.20.8.8:8080" }] }

            """,
            "show/p.md": "Tell of bees.",
            "show/pipeline.yaml": "stages:\n  say: { tool: llm, prompt: p.md, output: say.txt, deliver: true }\n",
        ])
        let offline = try await build(show, "--offline")
        guard offline.outcome.status != 99, !offline.outcome.errors.contains("unshare:"), let packets = offline.packets else {
            print("skipped: this system allows no network of one's own: \(offline.outcome.errors.prefix(200))")
            return
        }
        #expect(packets == 0 && offline.outcome.status == 0, "\(offline.outcome)")
        #expect(try show.machine.text("show/ep/out/say.txt") == "Tell of bees.", "who is on this machine serves")
        // The way out is one: without the word, the caches and the service are looked for there.
        try show.write("Tell of ants.", to: "show/p.md")
        let online = try await build(show)
        #expect(online.packets.map { $0 > 0 } == true, "\(online.outcome)")
    }
}
