/// An element of an XML document with all that is in it. Names are as they are written, with their prefixes: `itunes:image`.
public struct XMLElement: Sendable {
    public let name: String
    public let attributes: [String: String]
    public fileprivate(set) var children: [XMLElement] = []
    /// What stands in it as text, outside its children.
    public fileprivate(set) var text = ""

    /// Why bytes are no XML, as a sentence's end: `is damaged at line 3 of its XML: mismatched tag`.
    public struct Problem: Error { public let what: String }

    /// The root of a document. A document type is refused: it is what entity bombs are made of.
    public init(parsing bytes: [UInt8]) throws(Problem) {
        let builder = Builder()
        do throws(XMLReader.Problem) {
            try XMLReader.read(bytes, builder, keepingPrefixes: true)
        } catch {
            throw Problem(what: error.what)
        }
        guard let root = builder.root else { throw Problem(what: "is empty") }
        self = root
    }

    fileprivate init(_ name: String, _ attributes: [String: String]) { (self.name, self.attributes) = (name, attributes) }

    public func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
    public func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    private final class Builder: XMLHandler {
        private var open: [XMLElement] = []
        private(set) var root: XMLElement?

        func begin(_ name: String, _ attributes: [String: String]) { open.append(XMLElement(name, attributes)) }
        func text(_ text: String) { if !open.isEmpty { open[open.count - 1].text += text } }

        func end(_ name: String) {
            guard let element = open.popLast() else { return }
            if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
        }
    }
}
