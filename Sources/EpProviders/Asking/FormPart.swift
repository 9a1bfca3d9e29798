import EpCore
import FoundationEssentials

/// A field of a form, as browsers send them: a text, or a file.
public struct FormPart: Sendable {
    let name: String
    let bytes: [UInt8]
    /// The file's name; nil for a text.
    let file: String?
    let type: String?

    init(_ name: String, _ text: String) { (self.name, bytes, file, type) = (name, Array(text.utf8), nil, nil) }
    /// A setting as it is written.
    init(_ name: String, _ setting: Value) { self.init(name, setting.letters ?? setting.json()) }
    init(_ name: String, _ bytes: [UInt8], file: String, type: String) {
        (self.name, self.bytes, self.file, self.type) = (name, bytes, file, type)
    }
}

/// A form with files (RFC 7578). The same parts give the same bytes, so that a recorded question is known again.
struct FormBody: Sendable {
    let bytes: [UInt8]
    /// Stands between the parts, and nowhere in them.
    private let boundary: String

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    init(_ parts: [FormPart]) {
        boundary = "epbuild-\(Digest(of: parts.flatMap { $0.bytes }).hex)"
        var bytes: [UInt8] = []
        for part in parts {
            let file = part.file.map { "; filename=\"\($0)\"" } ?? "", type = part.type.map { "Content-Type: \($0)\r\n" } ?? ""
            bytes += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n\(type)\r\n".utf8
            bytes += part.bytes
            bytes += "\r\n".utf8
        }
        self.bytes = bytes + "--\(boundary)--\r\n".utf8
    }
}

extension [UInt8] {
    /// As text of 64 letters (RFC 4648).
    var base64: String { Data(self).base64EncodedString() }
}
