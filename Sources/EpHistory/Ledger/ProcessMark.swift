import EpFiles
import Glibc

/// Tells a process from every other, also from those that get its number later.
public struct ProcessMark: Sendable, Hashable {
    public let text: String

    public init(text: String) { self.text = text }

    /// The number of a process, when it began, and which start of the machine that was.
    init?(_ number: Int32) {
        guard let began = Self.began(number) else { return nil }
        text = "\(number) \(began) \(Self.boot)"
    }

    /// This one.
    public static let current = ProcessMark(getpid()) ?? ProcessMark(text: "\(getpid())")

    /// A call takes no longer: of a process on another machine nothing else can be known.
    private static let longestCallSeconds = 3600.0

    /// Nil if the text is no mark of a process on this machine.
    public var number: Int32? {
        let parts = text.split(separator: " ")
        return parts.count == 3 && parts[2] == Self.boot ? Int32(parts[0]) : nil
    }

    /// True if it is a process of this machine that has not ended.
    public var isAlive: Bool { number.map { Self.began($0) == String(text.split(separator: " ")[1]) } ?? false }

    /// False if what it has sent is lost.
    /// - Parameter sent: when it did so (ISO 8601).
    func mayLive(since sent: String, at now: Moment) -> Bool {
        let parts = text.split(separator: " ")
        guard parts.count == 3, Int32(parts[0]) != nil else { return false }
        if number != nil { return isAlive }
        return Moment(iso8601: sent).map { now.seconds(since: $0) < Self.longestCallSeconds } ?? false
    }

    private static let boot =
        (try? Files.read("/proc/sys/kernel/random/boot_id")).flatMap { $0 }.map { String(decoding: $0.prefix(36), as: UTF8.self) } ?? ""

    /// In ticks since the machine began; nil if there is no such process.
    private static func began(_ number: Int32) -> String? {
        guard let bytes = try? Files.read("/proc/\(number)/stat") else { return nil }
        // Its name, in brackets, may hold anything.
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
