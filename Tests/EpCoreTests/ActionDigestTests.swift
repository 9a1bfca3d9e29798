import EpCore
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
            Action(arguments: ["x"], outputs: ["o"], inputs: InputTree([.init(label: "in/a", digest: .empty)], emptyDirectories: directories)).encoded()
        }
        let trees = [encoded(), encoded("parts"), encoded("in/parts"), encoded("in/parts/deep"), encoded("x", "in/y")]
        #expect(Set(trees.map(\.digest)).count == trees.count)
        #expect(trees.map(\.blobs.count) == [4, 5, 5, 6, 6])
        #expect(trees[1...].allSatisfy { $0.blobs.contains { $0.digest == .empty } })
    }

    @Test func theOrderOfSetLikeInputsDoesNotMatter() {
        let files = ["b/c", "a", "b.x", "b/a", "é"].map { InputTree.Entry(label: $0, digest: .empty) }
        let one = Action(arguments: ["x"], outputs: ["p", "q", "p"], inputs: InputTree(files))
        let other = Action(arguments: ["x"], outputs: ["q", "p"], inputs: InputTree(files.reversed()))
        #expect(one.digest == other.digest)
        #expect(one.encoded().blobs.count == 4)
    }
}
