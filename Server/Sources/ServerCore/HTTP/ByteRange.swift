/// What a `Range` header asks for (RFC 9110, section 14): one stretch of bytes. Several at once are not given.
public enum ByteRange: Equatable, Sendable {
    /// All of it: nothing was asked for, or nothing that can be understood.
    case whole
    case part(Range<Int>)
    /// It lies past the end.
    case unsatisfiable

    /// - Parameter count: the bytes that there are.
    public init(_ header: String?, of count: Int) {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else { self = .whole; return }
        let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { self = .whole; return }
        switch (Int(bounds[0]), Int(bounds[1])) {
        case (nil, let last?) where bounds[0].isEmpty:
            self = last == 0 || count == 0 ? .unsatisfiable : .part(max(0, count - last)..<count)
        case (let first?, nil) where bounds[1].isEmpty:
            self = first < count ? .part(first..<count) : .unsatisfiable
        case (let first?, let last?):
            guard first <= last else { self = .whole; return }
            self = first < count ? .part(first..<min(last, count - 1) + 1) : .unsatisfiable
        default:
            // A number that no file is as long as.
            self = bounds[0].isEmpty || Int(bounds[0]) != nil ? .whole : .unsatisfiable
        }
    }
}
