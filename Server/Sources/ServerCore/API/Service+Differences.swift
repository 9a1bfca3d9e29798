import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpText

/// Differences: of a hand edit from what was generated, and of two takes.
extension Service {
    /// - Parameter takes: two numbers, `1,2`; nil: the edit.
    func difference(of target: Target, _ takes: String?, _ inspection: Inspection, _ desk: Desk) throws -> Value {
        guard let takes else {
            return ["target": .string(target.description), "diff": .string(try desk.builder.difference(of: target, in: inspection))]
        }
        let numbers = takes.split(separator: ",").map { Int($0) ?? 0 }
        guard numbers.count == 2, numbers.allSatisfy({ $0 > 0 }) else { throw Problem(422, "which two takes? Add &takes=1,2") }
        let outputs = try desk.takes(of: target, in: inspection).flatMap { try differences($0, numbers, desk) }
        return [
            "target": .string(target.description), "takes": .list(numbers.map { .int(Int64($0)) }), "outputs": .list(outputs.map(\.value)),
        ]
    }

    /// One output of two takes.
    struct Difference {
        let action: String
        let pair: [MadeBlob]
        /// As `diff -u` prints it; nil unless both are texts.
        let text: String?

        var isSame: Bool { pair[0].digest == pair[1].digest }
        var value: Value {
            .object([
                .init("action", .string(action)), .init("name", .string(pair[0].name)), .init("same", .bool(isSame)),
                .init("files", .list(pair.map(\.value))), .init("diff", text.map { .string($0) } ?? .null),
            ])
        }
    }

    func differences(_ action: TakesAnswer, _ numbers: [Int], _ desk: Desk) throws -> [Difference] {
        let results = try numbers.map { number in
            guard let result = action.takes.first(where: { $0.take.number == number })?.result else {
                throw Problem(422, "take \(number) of \(action.name) is not in the cache")
            }
            return result
        }
        return try results[0].outputs.compactMap { first -> Difference? in
            guard let second = results[1].outputs.first(where: { $0.path == first.path }) else { return nil }
            let pair = [first, second].map { MadeBlob(target: action.target, name: $0.path, digest: $0.digest) }
            let texts = try pair.compactMap { try text(of: $0, desk) }
            let names = numbers.map { "take \($0)/\(first.path)" }
            let diff = texts.count < 2 ? nil
                : UnifiedDiff(LineDiff(from: Array(texts[0].utf8), to: Array(texts[1].utf8)), oldName: names[0], newName: names[1]).text
            return Difference(action: action.name, pair: pair, text: diff)
        }
    }
}
