import EpCore
import EpPlan
import EpText

/// Reads the lock line by line, each strictly: what cannot be understood is an error with its place, never a decision less.
extension EpisodeLock {
    /// - Parameter file: how the file is shown in messages.
    /// - Throws: `Diagnostic` for a merge that left a conflict, `DiagnosticList` for lines that are not as they were written.
    public init(parsing bytes: [UInt8], file: String) throws {
        if let line = ConflictMarks.find(in: bytes) {
            throw Diagnostic(
                .badInput, "a merge left a conflict in the lock", at: SourceLocation(file: file, line: line, column: 1),
                remedy: "keep the lines of both sides and remove the marks; of two lines with one key keep either")
        }
        var reader = LockReader(file: file)
        // Some editors begin a file with a mark.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var lines = bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0).split(separator: 0x0A, omittingEmptySubsequences: false)
        // As version control may write them on other systems.
        let written = lines.filter { !$0.isEmpty }
        if !written.isEmpty, written.allSatisfy({ $0.last == 0x0D }) { lines = lines.map { $0.dropLast() } }
        for (index, line) in lines.enumerated() where !line.isEmpty { reader.read(line, number: index + 1) }
        self = try reader.finish()
    }
}

private struct LockReader {
    let file: String
    private var lock = EpisodeLock()
    private var section: EpisodeLock.Section?
    private var hasVersion = false
    private var keys: Set<Path> = []
    private var problems: [Diagnostic] = []

    init(file: String) { self.file = file }

    mutating func read(_ bytes: ArraySlice<UInt8>, number: Int) {
        guard let line = String(validating: bytes, as: UTF8.self) else { return report(number, "this is not UTF-8") }
        if line == EpisodeLock.header { return }
        if line.hasPrefix("#") {
            return report(
                number, "a comment has no place in the lock: it would go with the next decision",
                "remove it; if it was an entry, restore that from version control")
        }
        if line.hasPrefix(" ") { return readEntry(line, number) }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { $0.trimming(" ") }
        if parts.first == "version" {
            guard parts.count == 2, ["1", "2", "3"].contains(parts[1]) else {
                return report(number, "this epbuild knows versions 1 to 3 of the lock", "use the epbuild that has written it")
            }
            hasVersion = true
        } else if parts.count == 2, parts[1].isEmpty || parts[1] == "{}", let known = EpisodeLock.Section(rawValue: parts[0]) {
            section = known
        } else {
            let names = EpisodeLock.Section.allCases.map(\.rawValue)
            report(number, "\"\(line.prefix(40))\" is no part of the lock", Suggestion.remedy(for: parts[0], in: names))
        }
    }

    private mutating func readEntry(_ text: String, _ number: Int) {
        guard let section else { return report(number, "this entry stands in no section") }
        do throws(LockLine.Fault) {
            let line = try LockLine(reading: text, in: section)
            guard let member = member(line.entry, number) else { return }
            guard keys.insert(Path("\(section.rawValue)/\(member.key)")).inserted else {
                return report(number, "\(member.key) stands here twice", "keep either of the two lines")
            }
            if !take(member, section) { report(number, "an entry of `\(section.rawValue)` must be \(section.expected)", remedy(section)) }
        } catch {
            let what = switch error {
            case .damaged: "this line is damaged: it does not agree with its check"
            case .trailing: "something stands behind this entry"
            }
            report(number, what, "\(remedy(section)); if you have changed it by hand, take away what stands from `#` on")
        }
    }

    private func remedy(_ section: EpisodeLock.Section) -> String {
        "restore the line from version control, or remove it: \(section.consequence)"
    }

    /// The one member that an entry is; nil if it is none, which is reported.
    private mutating func member(_ entry: String, _ number: Int) -> Node.Member? {
        guard let node = try? Node(parsing: Array(entry.utf8), file: file), case .object(let members) = node.content, members.count == 1
        else {
            report(number, "this line cannot be read", section.map(remedy))
            return nil
        }
        return members[0]
    }

    /// - Returns: false if the entry is not what its section holds.
    private mutating func take(_ member: Node.Member, _ section: EpisodeLock.Section) -> Bool {
        let (key, value) = (member.key, member.value.value)
        switch section {
        case .takes:
            guard Self.isDigest(key), let entry = EpisodeLock.TakeEntry(value) else { return false }
            lock.takes[key] = entry
        case .files:
            let digests = value.list ?? [value]
            let texts = digests.compactMap(\.string).filter(Self.isDigest)
            guard !key.isEmpty, !texts.isEmpty, texts.count == digests.count else { return false }
            lock.files[Path(key)] = texts
        case .items:
            guard RelativePath.isClean(key), Path(key).parts.count >= 2, let place = ItemPlace(value) else { return false }
            lock.items[Path(key)] = place
        case .gates:
            guard let key = GateKey(parsing: key), let record = GateRecord(value) else { return false }
            lock.gates[key] = record
        case .pins:
            let target = Target(parsing: key)
            guard !target.stage.text.isEmpty, let pin = Pin(item: target.item, value) else { return false }
            lock.pins[target] = pin
        case .skips:
            let target = Target(parsing: key)
            guard !target.stage.text.isEmpty, target.item != nil, let place = ItemPlace(value), !place.standings.isEmpty else {
                return false
            }
            lock.skips[target] = place
        case .accepts:
            guard Self.isDigest(key), let acceptance = Acceptance(value) else { return false }
            lock.accepts[key] = acceptance
        }
        return true
    }

    mutating func finish() throws -> EpisodeLock {
        if !hasVersion, problems.isEmpty { report(1, "`version` is missing: this is no lock that epbuild has written") }
        if !problems.isEmpty { throw DiagnosticList(problems) }
        return lock
    }

    private mutating func report(_ line: Int, _ message: String, _ remedy: String? = nil) {
        problems.append(
            Diagnostic(
                .badInput, message, at: SourceLocation(file: file, line: line, column: 1),
                remedy: remedy ?? "restore the lock from version control"))
    }

    private static func isDigest(_ text: String) -> Bool { Digest(hex: text, size: 0) != nil }
}

extension EpisodeLock.TakeEntry {
    /// `[take in use, latest take, target at that time]`; an older epbuild left the target out.
    fileprivate init?(_ value: Value) {
        guard let parts = value.list, (2...3).contains(parts.count), case .int(let take) = parts[0], case .int(let latest) = parts[1],
            (1...10_000).contains(take), (take...10_000).contains(latest)
        else { return nil }
        var note = ""
        if parts.count == 3 {
            guard let text = parts[2].string else { return nil }
            note = text
        }
        self.init(take: Take(Int(take)), latest: Take(Int(latest)), note: note)
    }
}

extension Substring {
    fileprivate func trimming(_ character: Character) -> String {
        let start = drop { $0 == character }
        return String(start.prefix(start.count - start.reversed().prefix { $0 == character }.count))
    }
}
