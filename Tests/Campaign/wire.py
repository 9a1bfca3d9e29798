"""Just enough of protocol buffers' wire format to take a message apart and put another together. Knows no schema."""


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def field(number, value):
    """A field of a number, bytes or text."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def parse(data):
    """[(number, value)], where values are numbers or bytes; None if it is no message."""
    fields, at = [], 0
    try:
        while at < len(data):
            key, at = read(data, at)
            number, kind = key >> 3, key & 7
            if number == 0 or kind not in (0, 2):
                return None
            value, at = read(data, at)
            if kind == 2:
                value, at = data[at:at + value], at + value
                if at > len(data):
                    return None
            fields.append((number, value))
    except IndexError:
        return None
    return fields


def read(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128 or shift > 63:
            return value, at


def put(fields):
    return b"".join(field(number, value) for number, value in fields)
