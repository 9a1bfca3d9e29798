extension String {
    /// With `%20` and its like as the text that they stand for (RFC 3986, 2.1). What is broken, or stands for no text, is left as it is.
    public var percentDecoded: String {
        guard utf8.contains(UInt8(ascii: "%")) else { return self }
        var bytes: [UInt8] = [], rest = utf8[...]
        while let byte = rest.popFirst() {
            let code = byte == UInt8(ascii: "%") && rest.count >= 2 ? String(rest.prefix(2)).flatMap { UInt8($0, radix: 16) } : nil
            bytes.append(code ?? byte)
            if code != nil { rest = rest.dropFirst(2) }
        }
        return String(validating: bytes, as: UTF8.self) ?? self
    }
}
