"""What sharing costs: 10,000 small artifacts and one of a GB, to and from real stores on loopback, against aws, DVC and curl."""
import os
import shutil
import sys

from . import peers
from .fanout import epbuild_tree, write
from .measure import Command
from .table import Row

PIPELINE = """stages:
  made:
    tool: command
    run: [sh, -c, "openssl enc -aes-128-ctr -nosalt -pass pass:bench -in /dev/zero 2>/dev/null | head -c SIZE > out.bin"]
    outputs: [out.bin]
"""
SLOWER = 1 / 0.6
"""How much longer than a plain client's one blob may take."""


def rows(setting):
    small, big = Shared(setting, "sharing-small"), Shared(setting, "sharing-big")
    small.build(epbuild_tree(setting, "sharing-small", "lines", setting.artifacts))
    big.build(one_blob(setting))
    dvc = {}
    with peers.nginx(setting.fresh("nginx")) as url:
        dvc["http"] = against_dvc(small, setting, "http", {"url": f"{url}/dvc"})
        yield from small.rows(f"{setting.artifacts:,} artifacts, HTTP", f"url: {url}/small", dvc["http"])
        yield from big.rows(big_name(setting, "HTTP", "curl"), f"url: {url}/big", plain_http(setting, big.blobs(), url), SLOWER, memory=100)
    with peers.moto(setting.fresh("moto")) as store:
        if store:
            yield from object_store(setting, small, big, store)
    with peers.casd(setting.fresh("casd")) as address:
        if address:
            yield from small.rows(f"{setting.artifacts:,} artifacts, gRPC (DVC over HTTP)", f"url: grpc://{address}", dvc["http"])
            yield from big.rows(f"{setting.megabytes} MB, gRPC", f"url: grpc://{address}", memory=100)


def big_name(setting, protocol, peer):
    return f"{setting.megabytes} MB, {protocol} ({peer})"


def one_blob(setting):
    root = os.path.dirname(epbuild_tree(setting, "sharing-big", "lines", 1))
    write(root, "pipeline.yaml", PIPELINE.replace("SIZE", str(setting.megabytes * 1_000_000)))
    return os.path.join(root, "episode")


def object_store(setting, small, big, store):
    """Time and requests; of an artifact for us, who keep what made it, too, and of a file for the others."""
    remote = f"url: s3://bench/NAME, endpoint: {store.url}, region: us-east-1"
    against = against_dvc(small, setting, "s3", {"url": "s3://bench/dvc", "endpointurl": store.url})
    yield from small.rows(f"{setting.artifacts:,} artifacts, S3", remote.replace("NAME", "small"), against, counted=store)
    aws = peers.aws()
    if not aws:
        return
    words = [aws, "--endpoint-url", store.url, "s3"]
    files, back = small.files(), setting.fresh("aws-back")
    for verb, source, target in (("up", files, "s3://bench/sync"), ("down", "s3://bench/sync", back)):
        before = store.requests()
        run = Command(words + ["sync", "--only-show-errors", source, target], env=peers.KEY).run()
        asked = store.requests() - before
        ours = small.measured[f"S3 {verb}"]
        yield Row(f"  {verb}: a request (aws s3 sync, {asked / setting.artifacts:.2f} requests a file)", ours[0] / ours[1], run.seconds / asked, 1)
    blob = big.blobs()[0]
    plain = {
        "up": Command(words + ["cp", "--only-show-errors", blob, "s3://bench/plain"], env=peers.KEY).run().seconds,
        "down": Command(words + ["cp", "--only-show-errors", "s3://bench/plain", os.path.join(back, "plain")], env=peers.KEY).run().seconds}
    yield from big.rows(big_name(setting, "S3", "aws s3 cp"), remote.replace("NAME", "big"), plain, SLOWER, memory=100)


def plain_http(setting, blobs, url):
    """What comes down is made durable, as ours is; nobody makes it durable on the server's side."""
    back = os.path.join(setting.fresh("curl-back"), "blob")
    up = Command(["curl", "-sfT", blobs[0], f"{url}/plain"]).run().seconds
    os.sync()
    return {"up": up,
            "down": Command(["sh", "-c", 'curl -sfo "$0" "$1" && sync "$0"', back, f"{url}/plain"]).run().seconds}


def against_dvc(small, setting, kind, remote):
    """What DVC takes for the same files: {"up": seconds, "down": seconds}; nothing where it cannot be had."""
    dvc = peers.dvc()
    if not dvc:
        return {}
    place = setting.fresh(f"dvc-{kind}")
    shutil.copytree(small.files(), os.path.join(place, "data"))
    env = {**peers.KEY, "HOME": setting.fresh(f"dvc-{kind}-home"), "DVC_NO_ANALYTICS": "1", "PATH": f"{os.path.dirname(dvc)}:{os.environ['PATH']}"}
    os.mkdir(os.path.join(place, ".dvc"))
    settings = "".join(f"    {name} = {value}\n" for name, value in remote.items())
    method = "    method = PUT\n" if kind == "http" else ""
    write(place, ".dvc/config", f"[core]\n    no_scm = True\n    analytics = False\n    remote = store\n['remote \"store\"']\n{settings}{method}")
    Command([dvc, "add", "-q", "data"], cwd=place, env=env).run()
    up = Command([dvc, "push", "-q"], cwd=place, env=env).run().seconds
    # Put aside: for minutes after many files were deleted ext4 makes new ones slowly, for whoever comes next.
    aside = setting.fresh(f"dvc-{kind}-aside")
    for known in (".dvc/cache", "data"):
        os.rename(os.path.join(place, known), os.path.join(aside, os.path.basename(known)))
    down = Command([dvc, "pull", "-q"], cwd=place, env=env).run().seconds
    return {"up": up, "down": down}


class Shared:
    """A built episode on this machine, and another machine that gets it from a store."""

    def __init__(self, setting, name):
        self.setting, self.name = setting, name
        self.measured = {}
        self.machines = 0

    def build(self, episode):
        self.episode, self.root = episode, os.path.dirname(episode)
        self.cache = os.path.join(self.root, "cache")
        self.command(self.cache, "build").run()

    def command(self, cache, *words):
        environment = {"EPBUILD_CACHE": cache, "HOME": self.setting.work, **peers.KEY}
        return Command([self.setting.binary, *words, self.episode], env=environment)

    def blobs(self):
        """The outputs, by the sizes that they have: what is largest first."""
        found = [os.path.join(root, name) for root, _, names in os.walk(os.path.join(self.cache, "cas")) for name in names]
        return sorted(found, key=os.path.getsize, reverse=True)

    def files(self):
        """The same files by themselves, for those who share files."""
        place = os.path.join(self.root, "files")
        if not os.path.exists(place):
            os.mkdir(place)
            for blob in self.blobs():
                shutil.copy(blob, place)
        return place

    def rows(self, what, remote, peer=None, ratio=0.1, memory=None, counted=None):
        write(self.root, "epbuild.yaml", f"cache: {{ remotes: [ {{ {remote}, push: true }} ] }}\n")
        self.machines += 1
        other = os.path.join(self.root, f"machine-{self.machines}")
        for verb, cache, word in (("up", self.cache, "push"), ("down", other, "pull")):
            before = counted.requests() if counted else 0
            # What the server has yet to write would be waited for by whoever makes anything durable.
            os.sync()
            run = self.command(cache, "cache", word).run()
            against = (peer or {}).get(verb)
            yield Row(f"{what}, {verb}", run.seconds, against, ratio if against else None)
            if counted:
                asked = counted.requests() - before
                self.measured[f"S3 {verb}"] = (run.seconds, asked)
                yield Row("  requests, hundredths an artifact", 100 * asked / self.setting.artifacts, limit=220, unit="")
            yield Row("  memory", run.peak_mb, limit=memory, unit="MB")
        self.same(other)

    def same(self, other):
        """What came is what went; else the seconds would mean nothing."""
        there = {os.path.basename(blob) for blob in self.blobs()}
        here = {name for _, _, names in os.walk(os.path.join(other, "cas")) for name in names}
        if not here <= there or len(here) < self.setting.artifacts * (self.name == "sharing-small"):
            sys.exit(f"{self.name}: {len(here)} of {len(there)} blobs have arrived")
