"""What asking a service costs beside the service's own time: many lines at once, and one question to a healthy one."""
import http.server
import os
import re
import statistics
import subprocess
import threading
import time

from .fanout import write
from .table import Row

COUNT, LIMIT, SECONDS = 200, 16, 0.3
QUESTIONS = 20_000
ANSWER = (b'{"model": "m", "choices": [{"message": {"content": "The bees fly home."}, "finish_reason": "stop"}], '
          b'"usage": {"prompt_tokens": 10, "completion_tokens": 5}}')


def rows(setting):
    server = Server(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        seconds = []
        for number in range(setting.runs or 5):
            seconds.append(setting.epbuild(tree(setting, f"providers-{number}", server.server_port)).run().seconds)
    finally:
        server.shutdown()
    yield Row(f"{COUNT} lines, {SECONDS:g} s an answer, limit {LIMIT} (ideal)", statistics.median(seconds), COUNT / LIMIT * SECONDS, 1.1)
    yield Row("one question to a healthy provider", machinery(setting), limit=50e-6)


class Server(http.server.ThreadingHTTPServer):
    """Takes as many connections at once as come: one that is dropped would be tried again after a second."""
    request_queue_size = 128


class Service(http.server.BaseHTTPRequestHandler):
    """Answers each question after its time."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(SECONDS)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_):
        pass


def tree(setting, name, port):
    root = setting.fresh(name)
    episode = os.path.join(root, "episode")
    os.mkdir(episode)
    provider = f'{{ tool: llm, use: openai, model: m, base_url: "http://127.0.0.1:{port}/v1", limit: {LIMIT} }}'
    write(root, "epbuild.yaml", f"providers: {{ writer: {provider} }}\n")
    write(root, "show.yaml", "title: Bench\nlanguage: en\npipeline: pipeline.yaml\n")
    write(root, "pipeline.yaml", "stages:\n  texts: { source: script.txt }\n  said: { tool: llm, prompt: prompt.md, each: texts.lines, output: said.txt }\n")
    write(root, "prompt.md", "Tell of {{ item.text }}\n")
    write(root, "episode/episode.yaml", "title: Bench\n")
    write(root, "episode/script.txt", "".join(f"Line number {index} of the script.\n" for index in range(COUNT)))
    return episode


def machinery(setting):
    """All that surrounds a question in process, over a client that answers at once."""
    binary, seconds = setting.bench_binary(), []
    for _ in range(setting.runs or 5):
        output = subprocess.run([binary, "--questions", str(QUESTIONS)], capture_output=True, text=True, check=False)
        if output.returncode != 0 or not re.fullmatch(r"[\d.]+\s*", output.stdout):
            raise SystemExit(f"epbuild-bench failed: {output.stdout}{output.stderr}")
        seconds.append(float(output.stdout))
    return statistics.median(seconds) / QUESTIONS
