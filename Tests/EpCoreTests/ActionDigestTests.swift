import EpCore
import FoundationEssentials
import RemoteAPI
import SwiftProtobuf
import Testing

/// The published vectors of the Remote Execution API's canonical form.
@Suite struct ActionDigestTests {
    let inputs = InputTree([.init(label: "a.txt", digest: Digest(of: Array("hello\n".utf8)))])

    func action(_ take: Take = .first) -> Action {
        Action(
            arguments: ["/bin/sh", "-c", "cat a.txt > out.txt"], environment: ["B": "2", "A": "1"],
            outputs: ["out.txt"], inputs: inputs, take: take)
    }

    @Test func commandAndDirectoryHaveThePublishedDigests() {
        let blobs = action().encoded().blobs
        #expect(blobs.map(\.digest.size) == [140, 59, 79])
        #expect(blobs[0].digest.hex.hasPrefix("8bb87be7bec9") && blobs[0].digest.hex.hasSuffix("78e0"))
        #expect(blobs[1].digest.hex.hasPrefix("904853db4563"))
        #expect(blobs[2].digest.hex.hasPrefix("eb8d6f95") && blobs[2].digest.hex.hasSuffix("b9f3"))
    }
}

extension ActionDigestTests {
    @Test func aTakeIsASaltAndTheFirstLeavesNoTrace() {
        let second = action(Take(2)).encoded()
        #expect(second.blobs[0].digest.size == 147)
        #expect(second.digest.hex.hasPrefix("8661abde33fe"))
        var first = action(Take(2))
        first.take = .first
        #expect(first.digest == action().digest)
    }

    @Test func anEmptyDirectoryIsPartOfTheAddress() {
        func encoded(_ directories: String...) -> EncodedAction {
            Action(
                arguments: ["x"], outputs: ["o"], inputs: InputTree([.init(label: "in/a", digest: .empty)], emptyDirectories: directories)
            ).encoded()
        }
        let trees = [encoded(), encoded("parts"), encoded("in/parts"), encoded("in/parts/deep"), encoded("x", "in/y")]
        #expect(Set(trees.map(\.digest)).count == trees.count)
        #expect(trees.map(\.blobs.count) == [4, 5, 5, 6, 6])
        #expect(trees[1...].allSatisfy { $0.blobs.contains { $0.digest == .empty } })
        // Two directories, to a file system.
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
        let both = encoded(composed, decomposed)
        #expect(both.digest != encoded(composed).digest && both.digest != encoded(decomposed).digest)
    }

    @Test func theOrderOfSetLikeInputsDoesNotMatter() {
        let files = ["b/c", "a", "b.x", "b/a", "é"].map { InputTree.Entry(label: $0, digest: .empty) }
        let one = Action(arguments: ["x"], outputs: ["p", "q", "p"], inputs: InputTree(files))
        let other = Action(arguments: ["x"], outputs: ["q", "p"], inputs: InputTree(files.reversed()))
        #expect(one.digest == other.digest)
        #expect(one.encoded().blobs.count == 4)
    }
}

/// What is written by hand is what a protobuf library writes.
extension ActionDigestTests {
    @Test(arguments: [UInt64(1), 2, .random(in: 0 ... .max)]) func messagesAreCanonical(_ seed: UInt64) throws {
        var state = seed
        func chance(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        func text() -> String { (0..<[0, 1, 5, 130, 20_000][chance(5)]).map { _ in ["a", "ü", "\"", "日"][chance(4)] }.joined() }
        func pairs() -> [String: String] { Dictionary((0..<chance(4)).map { ("k\($0)", text()) }) { first, _ in first } }
        for _ in 0..<200 {
            let labels = Set(
                (0..<chance(6)).map { _ in
                    (0...chance(3)).map { _ in ["a", "b.c", "é", "longer name"][chance(4)] + "\(chance(9))" }.joined(separator: "/") + "/f"
                })
            let entries = labels.map { InputTree.Entry(label: $0, digest: Digest(of: Array(text().utf8)), isExecutable: chance(2) == 0) }
            let action = Action(
                arguments: (0..<chance(4)).map { _ in text() }, environment: pairs(), outputs: (0...chance(3)).map { "o\($0)" },
                inputs: InputTree(entries), platform: pairs(), take: Take(1 + chance(300)))
            let blobs = action.encoded().blobs
            #expect(action.commandDigest == blobs[1].digest, "seed \(seed)")
            #expect([action.encoded().digest, action.digest(running: blobs[1].digest)] == [action.digest, action.digest], "seed \(seed)")
            let message = try Build_Bazel_Remote_Execution_V2_Action(serializedBytes: blobs[0].bytes)
            let command = try Build_Bazel_Remote_Execution_V2_Command(serializedBytes: blobs[1].bytes)
            #expect(try message.serializedBytes() == blobs[0].bytes && command.serializedBytes() == blobs[1].bytes, "seed \(seed)")
            for blob in blobs[2...] {
                #expect(
                    try Build_Bazel_Remote_Execution_V2_Directory(serializedBytes: blob.bytes).serializedBytes() == blob.bytes,
                    "seed \(seed)")
            }
            #expect(command.arguments == action.arguments && command.outputPaths == action.outputs, "seed \(seed)")
            #expect(Dictionary(uniqueKeysWithValues: command.environmentVariables.map { ($0.name, $0.value) }) == action.environment)
            #expect(Dictionary(uniqueKeysWithValues: message.platform.properties.map { ($0.name, $0.value) }) == action.platform)
            #expect(message.commandDigest.hash == blobs[1].digest.hex && message.commandDigest.sizeBytes == blobs[1].digest.size)
            #expect(message.inputRootDigest.hash == blobs[2].digest.hex)
            #expect(message.salt == (action.take == .first ? .init() : .init("gen:\(action.take)".utf8)))
            #expect(files(below: blobs[2].digest, blobs, "") == Set(action.inputs.entries), "seed \(seed)")
        }
    }

    private func files(below directory: Digest, _ blobs: [EncodedAction.Blob], _ prefix: String) -> Set<InputTree.Entry> {
        guard let blob = blobs.first(where: { $0.digest == directory }),
            let message = try? Build_Bazel_Remote_Execution_V2_Directory(serializedBytes: blob.bytes)
        else { return [] }
        var found: Set<InputTree.Entry> = []
        for file in message.files {
            let digest = Digest(hex: file.digest.hash, size: file.digest.sizeBytes) ?? .empty
            found.insert(.init(label: prefix + file.name, digest: digest, isExecutable: file.isExecutable))
        }
        for child in message.directories {
            let digest = Digest(hex: child.digest.hash, size: child.digest.sizeBytes) ?? .empty
            found.formUnion(files(below: digest, blobs, "\(prefix)\(child.name)/"))
        }
        return found
    }
}
