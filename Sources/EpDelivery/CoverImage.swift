/// A picture to be embedded: a whole JPEG or PNG file.
public struct CoverImage: Hashable, Sendable {
    public enum Format: String, Sendable {
        case jpeg = "image/jpeg"
        case png = "image/png"
    }

    public let format: Format
    public let bytes: [UInt8]

    /// Tells the format by the file's first bytes; nil if it is neither JPEG nor PNG.
    public init?(_ bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            format = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            format = .png
        } else {
            return nil
        }
        self.bytes = bytes
    }
}
