import FoundationEssentials
import RemoteAPI
import SwiftProtobuf

/// The canonical REAPI messages of an action, as a server stores and an executor reads them.
public struct EncodedAction: Sendable {
    public struct Blob: Sendable {
        public let digest: Digest
        public let bytes: [UInt8]
    }

    public let digest: ActionDigest
    /// `Action`, `Command`, then the `Directory` messages from the root down.
    public let blobs: [Blob]
}

extension Action {
    /// The address of the action. Fields are in tag order, defaults and empty submessages omitted; environment,
    /// output paths and directories, directory children and platform properties are sorted by their UTF-8 bytes.
    public var digest: ActionDigest { digest(running: commandDigest) }

    public func encoded() -> EncodedAction { encoded(commandPlatform: [:], isKept: true) }

    /// The messages of an action that a cluster is to run: where it has a platform, that stands in its command, too, as servers of
    /// older versions of the API look for it there.
    /// - Parameter isKept: whether the cluster may keep the result for whoever asks for the same later.
    public func encodedForExecution(isKept: Bool) -> EncodedAction { encoded(commandPlatform: platform, isKept: isKept) }

    /// The digest of what it runs, whatever it reads. Of very many actions that run the same, it need be found once.
    public var commandDigest: Digest { Digest(of: commandMessage([:]).bytes) }

    /// The address of the action.
    /// - Parameter command: its ``commandDigest``.
    public func digest(running command: Digest) -> ActionDigest {
        var blobs: [EncodedAction.Blob] = []
        let root = inputs.encodeDirectory(into: &blobs)
        return ActionDigest(Digest(of: message(command, root, isKept: true).bytes))
    }

    private func encoded(commandPlatform: [String: String], isKept: Bool) -> EncodedAction {
        var blobs: [EncodedAction.Blob] = []
        let root = inputs.encodeDirectory(into: &blobs)
        let command = EncodedAction.Blob(commandMessage(commandPlatform))
        let action = EncodedAction.Blob(message(command.digest, root, isKept: isKept))
        return EncodedAction(digest: ActionDigest(action.digest), blobs: [action, command] + blobs.reversed())
    }

    private func message(_ command: Digest, _ root: Digest, isKept: Bool) -> CanonicalMessage {
        var message = CanonicalMessage()
        message.digest(1, command)
        message.digest(2, root)
        message.flag(7, !isKept)
        if take > .first { message.text(9, "gen:\(take)") }
        message.properties(10, platform)
        return message
    }

    private func commandMessage(_ platform: [String: String]) -> CanonicalMessage {
        var message = CanonicalMessage()
        arguments.forEach { message.element(1, $0) }
        environment.sortedByUTF8.forEach { message.pair(2, $0, $1) }
        // A directory stands among the paths as any output does; that it is one is said in a field of its own, which executors pass over.
        let directories = outputs.filter(OutputPath.isDirectory).map(OutputPath.bare)
        Set(directories.map { Path($0) }).sorted().forEach { message.element(4, $0.text) }
        message.properties(5, platform)
        let all = directories.isEmpty ? outputs : outputs.map(OutputPath.bare)
        let paths = all.count == 1 ? all : Set(all.map { Path($0) }).sorted().map(\.text)
        paths.forEach { message.element(7, $0) }
        return message
    }
}

extension CanonicalMessage {
    /// A message of a name and a value.
    fileprivate mutating func pair(_ field: UInt8, _ name: String, _ value: String) {
        message(field) { inner in
            inner.text(1, name)
            inner.text(2, value)
        }
    }

    /// A `Platform`; nothing if it is empty.
    fileprivate mutating func properties(_ field: UInt8, _ platform: [String: String]) {
        guard !platform.isEmpty else { return }
        message(field) { inner in platform.sortedByUTF8.forEach { inner.pair(1, $0, $1) } }
    }

    /// A message of a name and a digest.
    fileprivate mutating func node(_ field: UInt8, _ name: String, _ digest: Digest, isExecutable: Bool = false) {
        message(field) { inner in
            inner.text(1, name)
            inner.digest(2, digest)
            inner.flag(4, isExecutable)
        }
    }
}

extension InputTree {
    /// Appends the `Directory` messages of the tree, children before parents, and returns the root's digest.
    func encodeDirectory(into blobs: inout [EncodedAction.Blob]) -> Digest {
        Self.encode(entries[...], emptyDirectories: emptyDirectories, depth: 0, into: &blobs)
    }

    /// - Parameter depth: the number of UTF-8 bytes of the labels that name the directory itself.
    private static func encode(
        _ entries: ArraySlice<Entry>, emptyDirectories: [String], depth: Int, into blobs: inout [EncodedAction.Blob]
    ) -> Digest {
        var directory = CanonicalMessage()
        var children: [(name: String, entries: [Entry], emptyDirectories: [String])] = []
        for entry in entries {
            let rest = entry.label.utf8.dropFirst(depth)
            guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
                directory.node(1, depth == 0 ? entry.label : String(rest) ?? "", entry.digest, isExecutable: entry.isExecutable)
                continue
            }
            // Labels are sorted whole, so the children of one directory may lie apart ("a.b" sorts between "a" and "a/b").
            let name = String(rest[..<slash]) ?? ""
            if let index = children.firstIndex(where: { $0.name.isByteForByte(name) }) {
                children[index].entries.append(entry)
            } else {
                children.append((name, [entry], []))
            }
        }
        for label in emptyDirectories {
            let rest = label.utf8.dropFirst(depth)
            let name = String(rest.prefix { $0 != UInt8(ascii: "/") }) ?? ""
            let inner = rest.count > name.utf8.count ? [label] : []
            if let index = children.firstIndex(where: { $0.name.isByteForByte(name) }) {
                children[index].emptyDirectories += inner
            } else {
                children.append((name, [], inner))
            }
        }
        for child in children.sorted(by: { $0.name.precedesByteForByte($1.name) }) {
            let digest = encode(
                child.entries[...], emptyDirectories: child.emptyDirectories, depth: depth + child.name.utf8.count + 1, into: &blobs)
            directory.node(2, child.name, digest)
        }
        let blob = EncodedAction.Blob(directory)
        blobs.append(blob)
        return blob.digest
    }
}

extension EncodedAction.Blob {
    init(_ message: CanonicalMessage) {
        bytes = message.bytes
        digest = Digest(of: bytes)
    }
}

/// Serialization of a proto3 message without required fields or `Any` values cannot fail.
func serialize(_ message: some Message) -> [UInt8] {
    do {
        return try message.serializedBytes()
    } catch {
        preconditionFailure("a proto3 message did not serialize: \(error)")
    }
}

extension Build_Bazel_Remote_Execution_V2_Digest {
    init(_ digest: Digest) {
        self.init()
        hash = digest.hex
        sizeBytes = digest.size
    }
}

extension Dictionary where Key == String, Value == String {
    fileprivate var sortedByUTF8: [(String, String)] {
        map { ($0.key, $0.value) }.sorted { $0.0.precedesByteForByte($1.0) }
    }
}
