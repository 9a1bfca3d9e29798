import EpEngine
import EpFiles
import FoundationEssentials

/// Reads the log of events through all its parts, oldest first, a part at a time.
struct EventLogReading {
    private let directory: String
    /// Lines that are none: cut off by a crash, most likely.
    private(set) var unreadable = 0

    /// - Parameter stateDirectory: the workspace's `.epbuild/`.
    init(stateDirectory: String) { directory = "\(stateDirectory)/events" }

    mutating func forEach(_ body: (LoggedEvent) -> Void) {
        let decoder = JSONDecoder()
        for part in EventLogPart.all(in: directory) {
            // One that was removed meanwhile is gone.
            for line in (StateFile.read("\(directory)/\(part.name)") ?? []).split(separator: UInt8(ascii: "\n")) {
                guard line.first == UInt8(ascii: "{"), line.last == UInt8(ascii: "}"), let name = Self.name(in: line) else {
                    unreadable += 1
                    continue
                }
                guard LoggedEvent.names.contains(name) else { continue }
                if let event = try? decoder.decode(LoggedEvent.self, from: Data(line)) { body(event) } else { unreadable += 1 }
            }
        }
    }

    private static let marker = Array("\"event\":\"".utf8)

    /// What a line tells of, found without reading it whole: its key stands before anything that a person wrote but the
    /// path of the episode, where quotes are escaped.
    private static func name(in line: ArraySlice<UInt8>) -> String? {
        var rest = line
        while let start = rest.firstIndex(of: UInt8(ascii: "\"")) {
            rest = rest[start...]
            if rest.starts(with: marker) {
                rest = rest.dropFirst(marker.count)
                return rest.firstIndex(of: UInt8(ascii: "\"")).map { String(decoding: rest[..<$0], as: UTF8.self) }
            }
            rest = rest.dropFirst()
        }
        return nil
    }
}
