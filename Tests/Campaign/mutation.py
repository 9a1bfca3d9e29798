"""Mutates a text as typing, merging, editors and bad disks do."""

PIECES = [b":", b"-", b"{", b"}", b"[", b"]", b",", b"\"", b"'", b"&a ", b"*a", b"<<: ", b"!!binary ", b"|", b">", b"%", b"#", b"?", b"\t", b"\r", b"\0",
          b"\x1b[2J", b"\xff", b"\xc3", b"\xef\xbb\xbf", "\u202e".encode(), "é".encode(), "\u2028".encode(), "😀".encode(), b"{{", b"}}", b"{{ show.title }}", b"{{#each",
          b"null", b"~", b"true", b"0x1F", b"1e999", b"-1", b"9223372036854775808", b"0.1", b".nan", b"../..", b"/", b"~root", b"**", b"  ", b"\n", b"\n\n", b"---\n", b"...\n",
          b"texts", b"whole", b"draft", b"each: ", b"tool: ", b"from: [whole]\n", b"gate: true, ", b"editable: true, ", b"<<<<<<< mine\n", b"=======\n", b"[[", b"/*", b"A" * 5000]


def mutated(data, random):
    """The new bytes, and what was done to them."""
    said = []
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        data, done = random.choice(WAYS)(data, random)
        said.append(done)
    return data, said


def insert(data, random):
    piece = random.choice(PIECES)
    at = random.randrange(len(data) + 1)
    return data[:at] + piece + data[at:], f"{piece[:20]!r} put in at {at}"


def delete(data, random):
    at = random.randrange(len(data) + 1)
    count = random.choice([1, 1, 2, 5, 30])
    return data[:at] + data[at + count:], f"{data[at:at + count]!r} taken out at {at}"


def overwrite(data, random):
    at = random.randrange(len(data) + 1)
    byte = bytes([random.randrange(256)])
    return data[:at] + byte + data[at + 1:], f"{data[at:at + 1]!r} became {byte!r} at {at}"


def cut(data, random):
    """A half-written save."""
    at = random.randrange(len(data) + 1)
    return data[:at], f"cut off at {at}"


def lines(data, random):
    parts = data.splitlines(keepends=True)
    if len(parts) < 2:
        return data, "nothing done"
    one, two = random.randrange(len(parts)), random.randrange(len(parts))
    way = random.choice(["swapped with", "copied to", "removed beside", "indented as"])
    if way == "swapped with":
        parts[one], parts[two] = parts[two], parts[one]
    elif way == "copied to":
        parts.insert(two, parts[one])
    elif way == "removed beside":
        del parts[one]
    else:
        parts[one] = b" " * (len(parts[two]) - len(parts[two].lstrip())) + parts[one].lstrip()
    return b"".join(parts), f"line {one + 1} {way} line {two + 1}"


def word(data, random):
    """A word takes the place of another: a wrong name, a wrong type."""
    words = data.split(b" ")
    at = random.randrange(len(words))
    put = random.choice(words + PIECES)
    old, words[at] = words[at], put
    return b" ".join(words), f"{old[:30]!r} became {put[:30]!r}"


def nest(data, random):
    depth = random.choice([10, 500, 20_000])
    at = random.randrange(len(data) + 1)
    return data[:at] + b"[" * depth + data[at:], f"{depth} brackets at {at}"


WAYS = [insert, insert, insert, delete, delete, overwrite, cut, lines, lines, word, word, nest]
