public import EpCore
public import EpEngine
import EpSound
import EpText

/// One output of two takes of an action, each as it is in the local cache.
public struct TakeDifference {
    /// What one of the takes has made.
    public struct Side {
        public let take: Take
        public let digest: Digest
        public let servedBy: String
        /// Reads what is in the cache: what is damaged is told then.
        let open: () throws -> any RandomAccessBytes
    }

    public let target: Target
    /// The target, and which action of it.
    public let action: String
    /// The output's name.
    public let name: String
    /// In the order in which the takes were named; one alone where the other has no such output.
    public let sides: [Side]

    public var isSame: Bool { sides.count == 2 && sides[0].digest == sides[1].digest }

    /// What is longer is no text that a person compares line by line, in bytes.
    public static let longestText: Int64 = 16 << 20

    /// As `diff -u` prints it; nil unless both are texts, and no longer than that.
    public func text(atMost longest: Int64 = longestText) throws -> String? {
        guard sides.count == 2, sides.allSatisfy({ $0.digest.size <= longest }), let old = try sides[0].text(),
            let new = try sides[1].text()
        else { return nil }
        let names = sides.map { "take \($0.take)/\(action)/\(name)" }
        return UnifiedDiff(LineDiff(from: old, to: new), oldName: names[0], newName: names[1]).text
    }

    /// As the server's API gives it: docs/server.md.
    /// - Parameters:
    ///   - text: the difference of both texts; nil if they are none.
    ///   - path: where a side can be got; nil: nowhere.
    public func value(text: String?, path: (Side) -> String? = { _ in nil }) -> Value {
        .object([
            .init("action", .string(action)), .init("name", .string(name)), .init("same", .bool(isSame)),
            .init("files", .list(sides.map { side in
                .object([
                    .init("target", .string(target.description)), .init("name", .string(name)),
                    .init("take", .int(Int64(side.take.number))),
                    .init("sha256", .string(side.digest.hex)), .init("size", .int(side.digest.size)),
                ] + (path(side).map { [.init("path", .string($0))] } ?? []))
            })),
            .init("diff", text.map { .string($0) } ?? .null),
        ])
    }
}

/// What can be heard of a sound without listening to it.
public enum HeardSound: Sendable, Equatable {
    /// Seconds, to the hundredth; integrated loudness (ITU-R BS.1770) in LUFS, to the tenth; nil: it is silent.
    case sound(seconds: Double, loudness: Double?)
    /// It begins as a WAV file does, and is none that can be read, for this reason.
    case unreadable(String)
}

extension TakeDifference.Side {
    /// Its bytes if they are text.
    func text() throws -> [UInt8]? {
        let content = try open()
        // Sound is seldom without a zero at its beginning, and need not be read as a whole to be told from text.
        if try content.bytes(in: 0..<min(content.count, 4096)).contains(0) { return nil }
        let bytes = try content.bytes(in: 0..<content.count)
        return bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
    }

    /// What is heard in a WAV file; nil for anything else.
    public func heard() throws -> HeardSound? {
        let content = try open()
        let magic = try content.bytes(in: 0..<min(content.count, 4))
        guard ["RIFF", "RF64", "BW64"].contains(where: { Array($0.utf8) == magic }) else { return nil }
        do {
            let file = try WAVFile(content, named: "take \(take)")
            let loudness = try LoudnessBlocks(of: SoundStream(file)).integrated
            return .sound(seconds: (file.seconds * 100).rounded() / 100, loudness: loudness.map { ($0 * 10).rounded() / 10 })
        } catch let problem as Diagnostic where problem.code == .badInput {
            return .unreadable(problem.message)
        }
    }
}

extension Desk {
    /// Two takes of each action of a target, output by output.
    /// - Throws: `Diagnostic` (usage) if one of them is not in the local cache.
    public func differences(of target: Target, takes: (Take, Take), in inspection: Inspection) throws -> [TakeDifference] {
        try self.takes(of: target, in: inspection).flatMap { try differences(of: $0, takes: takes) }
    }

    /// Two takes of one action, output by output.
    /// - Throws: as above.
    public func differences(of action: TakesAnswer, takes: (Take, Take)) throws -> [TakeDifference] {
        let pair = try [takes.0, takes.1].map { take in
            guard let result = action.takes.first(where: { $0.take == take })?.result else {
                throw Diagnostic(
                    .usage, "take \(take.number) of \(action.name) is not in the local cache",
                    remedy: "`epbuild takes` tells which are; `epbuild use` and a build bring one back")
            }
            return (take: take, result: result)
        }
        let first = pair[0].result.outputs.map(\.path)
        let names = first + pair[1].result.outputs.map(\.path).filter { name in !first.contains(where: name.isByteForByte) }
        return names.map { name in
            let sides = pair.compactMap { take, result in
                result[name].map { digest in
                    TakeDifference.Side(take: take, digest: digest, servedBy: result.servedBy) { try builder.open(name, in: result) }
                }
            }
            return TakeDifference(target: action.target, action: action.name, name: name, sides: sides)
        }
    }
}
