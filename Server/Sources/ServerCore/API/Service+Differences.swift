import EpCore
import EpDesk
import EpEngine

/// Differences: of a hand edit from what was generated, and of two takes.
extension Service {
    /// - Parameter takes: two numbers, `1,2`; nil: the edit.
    func difference(of target: Target, _ takes: String?, _ inspection: Inspection, _ desk: Desk) throws -> Value {
        guard let takes else {
            return ["target": .string(target.description), "diff": .string(try desk.builder.difference(of: target, in: inspection))]
        }
        let numbers = takes.split(separator: ",").map { Int($0) ?? 0 }
        guard numbers.count == 2, numbers.allSatisfy({ $0 > 0 }) else { throw Problem(422, "which two takes? Add &takes=1,2") }
        let outputs = try desk.differences(of: target, takes: (Take(numbers[0]), Take(numbers[1])), in: inspection)
        return [
            "target": .string(target.description), "takes": .list(numbers.map { .int(Int64($0)) }),
            "outputs": .list(try outputs.map { difference in
                difference.value(text: try difference.shownText()) { difference.blob(of: $0).path }
            }),
        ]
    }
}

extension TakeDifference {
    /// As pages and the API show it: of long texts, nothing.
    func shownText() throws -> String? { try text(atMost: 200_000) }

    func blob(of side: Side) -> MadeBlob { MadeBlob(target: target, name: name, digest: side.digest) }
}
