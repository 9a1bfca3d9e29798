/// A protobuf message in canonical form, as it is written: fields in tag order, defaults left out.
///
/// Of each build's actions every one is encoded, to be addressed. Writing the few messages that takes by hand is ten times as fast as
/// building them first.
struct CanonicalMessage {
    private(set) var bytes: [UInt8] = []

    /// A text; nothing if it is empty.
    mutating func text(_ field: UInt8, _ text: String) { if !text.isEmpty { element(field, text) } }

    /// One of several texts; an empty one is one, too.
    mutating func element(_ field: UInt8, _ text: String) {
        begin(field)
        count(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func flag(_ field: UInt8, _ isSet: Bool) {
        guard isSet else { return }
        bytes.append(field << 3)
        bytes.append(1)
    }

    mutating func digest(_ field: UInt8, _ digest: Digest) {
        message(field) { inner in
            inner.begin(1)
            inner.count(64)
            digest.writeHex(to: &inner.bytes)
            guard digest.size != 0 else { return }
            inner.bytes.append(2 << 3)
            inner.count(Int(digest.size))
        }
    }

    mutating func message(_ field: UInt8, _ body: (inout CanonicalMessage) -> Void) {
        begin(field)
        let start = bytes.count
        body(&self)
        var (length, position) = (bytes.count - start, start)
        // How long it is stands before it, in as many bytes as that takes.
        while length > 0x7F {
            bytes.insert(UInt8(truncatingIfNeeded: length & 0x7F) | 0x80, at: position)
            (length, position) = (length >> 7, position + 1)
        }
        bytes.insert(UInt8(length), at: position)
    }

    /// A field that says how long it is.
    private mutating func begin(_ field: UInt8) { bytes.append(field << 3 | 2) }

    private mutating func count(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
