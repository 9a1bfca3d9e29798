#!/usr/bin/env python3
"""What the OpenAPI document allows is answered, whatever it is: `schema.py SERVER EPBUILD SCHEMATHESIS [EXAMPLES]`, over an episode that is built."""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from studio import Studio, TOKEN  # noqa: E402

# Names that are there: without them most answers would be 404.
NAMES = """
[parameters]
"path.episode" = "show~ep"
"path.workspace" = "workspace"
"path.provider" = "espeak"
"path.build" = "1"
"path.number" = "1"
"path.template" = "morning"
"""


def main():
    server, epbuild, program = sys.argv[1:4]
    examples = sys.argv[4] if len(sys.argv) > 4 else "10"
    with tempfile.TemporaryDirectory() as directory:
        studio = Studio(server, epbuild, directory)
        studio.start()
        try:
            studio.ended(studio.build())
            studio.json("PUT", "/api/v1/templates/morning", {"episodes": ["show~ep"], "targets": ["spoken"]})
            settings = pathlib.Path(directory) / "schemathesis.toml"
            settings.write_text(NAMES)
            done = subprocess.run([
                program, "--config-file", str(settings), "run", f"http://127.0.0.1:{studio.port}/api/v1/openapi.json", "-H", f"Authorization: Bearer {TOKEN}",
                "--checks", "not_a_server_error,content_type_conformance,response_schema_conformance", "--exclude-path-regex", "events|/open|/close",
                "--max-examples", examples, "--phases", "examples,coverage,fuzzing", "--request-timeout", "30",
            ], cwd=directory)
            assert studio.process.poll() is None and studio.is_up(), "the server goes on"
        finally:
            studio.kill()
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
