import CExpat

/// What an XML document consists of, as it is read. Names come without their prefix (`w:p` is `p`), unless somebody asks for it.
protocol XMLHandler: AnyObject {
    func begin(_ name: String, _ attributes: [String: String])
    func end(_ name: String)
    func text(_ text: String)
}

/// Reads XML with expat. A document type is refused: it is what entity bombs are made of, and no script has one.
final class XMLReader {
    struct Problem: Error { let what: String }

    private let handler: any XMLHandler
    private let parser: XML_Parser
    private let keepsPrefixes: Bool
    private var depth = 0
    private var refusal: String?

    /// Deeper than any document that a person writes.
    private static let mostDepth = 256

    private init(_ handler: any XMLHandler, _ keepsPrefixes: Bool) throws(Problem) {
        guard let parser = XML_ParserCreate(nil) else { throw Problem(what: "cannot be read: out of memory") }
        self.handler = handler
        self.parser = parser
        self.keepsPrefixes = keepsPrefixes
    }

    deinit { XML_ParserFree(parser) }

    static func read(_ bytes: [UInt8], _ handler: any XMLHandler, keepingPrefixes: Bool = false) throws(Problem) {
        let reader = try XMLReader(handler, keepingPrefixes)
        try reader.read(bytes)
    }

    private func read(_ bytes: [UInt8]) throws(Problem) {
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { context, name, attributes in
                guard let name, let reader = XMLReader.from(context) else { return }
                reader.begin(name, attributes)
            },
            { context, name in
                guard let name, let reader = XMLReader.from(context) else { return }
                // Of an empty element the end comes though its beginning was refused.
                if reader.refusal != nil { return }
                reader.depth -= 1
                reader.handler.end(reader.named(name))
            })
        XML_SetCharacterDataHandler(parser) { context, text, count in
            guard let text, let reader = XMLReader.from(context) else { return }
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
            reader.handler.text(String(decoding: bytes, as: UTF8.self).visible)
        }
        XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
            XMLReader.from(context)?.refuse("has a document type, which no script needs")
        }
        XML_SetUnknownEncodingHandler(parser, { _, name, information in
            guard let name, let information, Windows1252.names.contains(String(cString: name).lowercased()) else { return 0 }
            withUnsafeMutableBytes(of: &information.pointee.map) { map in
                let codes = map.bindMemory(to: Int32.self)
                for byte in 0..<256 { codes[byte] = Int32(Windows1252.scalar(UInt8(byte)).value) }
            }
            return 1
        }, nil)
        let status = bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { XML_Parse(parser, $0.baseAddress, Int32(clamping: $0.count), 1) }
        }
        if let refusal { throw Problem(what: refusal) }
        guard status == XML_STATUS_OK else {
            let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown"
            throw Problem(what: "is damaged at line \(XML_GetCurrentLineNumber(parser)) of its XML: \(reason)")
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> XMLReader? {
        context.map { Unmanaged<XMLReader>.fromOpaque($0).takeUnretainedValue() }
    }

    private func begin(_ name: UnsafePointer<XML_Char>, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) {
        depth += 1
        if depth > Self.mostDepth { return refuse("is nested more than \(Self.mostDepth) deep") }
        var values: [String: String] = [:]
        var index = 0
        while let key = attributes?[index], let value = attributes?[index + 1] {
            values[named(key)] = String(cString: value)
            index += 2
        }
        handler.begin(named(name), values)
    }

    private func refuse(_ what: String) {
        refusal = what
        XML_StopParser(parser, 0)
    }

    private func named(_ bytes: UnsafePointer<XML_Char>) -> String {
        let name = String(cString: bytes)
        guard !keepsPrefixes, let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return name }
        return String(name[name.utf8.index(after: colon)...])
    }
}
