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
    /// output paths, directory children and platform properties are sorted by their UTF-8 bytes.
    public var digest: ActionDigest { encoded().digest }

    public func encoded() -> EncodedAction {
        var blobs: [EncodedAction.Blob] = []
        let root = inputs.encodeDirectory(into: &blobs)
        let command = EncodedAction.Blob(commandMessage)
        var message = Build_Bazel_Remote_Execution_V2_Action()
        message.commandDigest = .init(command.digest)
        message.inputRootDigest = .init(root)
        if take > .first { message.salt = .init("gen:\(take)".utf8) }
        if !platform.isEmpty { message.platform = .with { $0.properties = sortedPlatform } }
        let action = EncodedAction.Blob(message)
        return EncodedAction(digest: ActionDigest(action.digest), blobs: [action, command] + blobs.reversed())
    }

    private var commandMessage: Build_Bazel_Remote_Execution_V2_Command {
        .with { message in
            message.arguments = arguments
            message.environmentVariables = environment.sortedByUTF8.map { name, value in
                .with { $0.name = name; $0.value = value }
            }
            message.outputPaths = Set(outputs.map { Path($0) }).sorted().map(\.text)
        }
    }

    private var sortedPlatform: [Build_Bazel_Remote_Execution_V2_Platform.Property] {
        platform.sortedByUTF8.map { name, value in .with { $0.name = name; $0.value = value } }
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
        var directory = Build_Bazel_Remote_Execution_V2_Directory()
        var children: [(name: String, entries: [Entry], emptyDirectories: [String])] = []
        for entry in entries {
            let rest = entry.label.utf8.dropFirst(depth)
            guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
                directory.files.append(.with {
                    $0.name = String(rest) ?? ""
                    $0.digest = .init(entry.digest)
                    $0.isExecutable = entry.isExecutable
                })
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
            if let index = children.firstIndex(where: { $0.name == name }) {
                children[index].emptyDirectories += inner
            } else {
                children.append((name, [], inner))
            }
        }
        for child in children.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            let digest = encode(child.entries[...], emptyDirectories: child.emptyDirectories, depth: depth + child.name.utf8.count + 1, into: &blobs)
            directory.directories.append(.with { $0.name = child.name; $0.digest = .init(digest) })
        }
        let blob = EncodedAction.Blob(directory)
        blobs.append(blob)
        return blob.digest
    }
}

extension EncodedAction.Blob {
    init(_ message: some Message) {
        bytes = serialize(message)
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
        map { ($0.key, $0.value) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }
}
