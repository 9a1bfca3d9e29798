public import EpCore
public import EpEngine
import EpFiles

/// A line of a file as a person names it on the command line: `script.fountain:57`.
public struct FileLine: Sendable, Hashable, CustomStringConvertible {
    /// As it was written, without the number.
    public let file: String
    /// From 1.
    public let line: Int

    /// Nil for anything else; a column behind the line is as good as none.
    public init?(parsing word: String) {
        var parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 2, Int(parts[parts.count - 1]) != nil, Int(parts[parts.count - 2]) != nil { parts.removeLast() }
        guard parts.count > 1, let line = parts.last.flatMap({ Int($0) }), line > 0 else { return nil }
        file = parts.dropLast().joined(separator: ":")
        guard Path(file).parts.last?.dropFirst().contains(".") == true else { return nil }
        self.line = line
    }

    public var description: String { "\(file):\(line)" }
}

extension Desk {
    /// The items that are made for a line of a file; several where more than one stage is made of it.
    /// - Parameter directory: where the person stands.
    /// - Throws: `Diagnostic` (usage) if nothing is.
    public func targets(at line: FileLine, of place: EpisodePlace, from directory: String) async throws -> [Target] {
        let items = try await builder.inspect(place, forgiving: true).items
        let path = line.file.hasPrefix("/") ? line.file : "\(directory)/\(line.file)"
        let inside = "\(place.directory)/\(line.file)"
        let paths = [path, inside].map { Path(Files.resolved($0) ?? $0) }
        func absolute(_ shown: String) -> Path { Path(shown.hasPrefix("/") ? shown : "\(builder.shownFrom)/\(shown)") }
        let own = items.filter { item in item.place.map { paths.contains(absolute($0.file)) } ?? false }
        let before = own.compactMap { $0.place?.line }.filter { $0 <= line.line }.max()
        guard let before, try !isBehind(line.line, before, in: own.first?.place.map { absolute($0.file) }) else {
            throw absence(at: line, own)
        }
        return own.filter { $0.place?.line == before }.map(\.target)
    }

    /// True if an element of a text has ended before a line: an empty line stands between.
    private func isBehind(_ line: Int, _ beginning: Int, in file: Path?) throws -> Bool {
        guard let file, ["fountain", "txt", "md"].contains(where: { file.text.hasSuffix(".\($0)") }), let bytes = try Files.read(file.text)
        else { return false }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard line <= lines.count else { return true }
        return lines[(beginning - 1)..<line].contains { $0.isEmpty || $0.elementsEqual([13]) }
    }

    private func absence(at line: FileLine, _ items: [Inspection.ItemView]) -> Diagnostic {
        let next = items.first { ($0.place?.line ?? 0) >= line.line } ?? items.last
        guard let next, let place = next.place, let title = ItemTitle(next.element, at: place) else {
            return Diagnostic(
                .usage, "nothing is made of \(line)",
                remedy: "name a line of a script or of a list that stages fan out over; `epbuild lines` tells the lines")
        }
        return Diagnostic(.usage, "nothing is made of \(line)", remedy: "the nearest is \(line.file):\(place.line), \(title.text())")
    }
}
