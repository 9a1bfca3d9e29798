import EpCore
import EpPlan
import EpSound
import Synchronization

/// Measures that were read for an earlier plan of this process. An edit of a line changes one of hundreds.
final class KnownMeasures: Sendable {
    private let known = Mutex<[Digest: LineMeasure]>([:])
    /// Enough for some hundred hours; more is forgotten.
    private static let most = 1 << 16

    /// - Returns: nil until all of them are made.
    /// - Throws: `badInput` for the first that is no measure.
    func all(_ files: [ArtifactRef], of sounds: [ArtifactRef], _ stage: StageContext) throws -> [LineMeasure]? {
        let digests = files.map { stage.digest(of: $0.source) }
        guard !digests.contains(nil) else { return nil }
        var measures = known.withLock { known in digests.map { $0.flatMap { known[$0] } } }
        let missing = measures.indices.filter { measures[$0] == nil }
        guard !missing.isEmpty else { return measures.compactMap(\.self) }
        guard let texts = try stage.bytes(of: missing.map { files[$0] }) else { return nil }
        for (index, measure) in zip(missing, try LineMeasure.all(json: texts, names: missing.map { sounds[$0].name })) {
            measures[index] = measure
        }
        known.withLock { known in
            if known.count > Self.most { known = [:] }
            for index in missing { if let digest = digests[index] { known[digest] = measures[index] } }
        }
        return measures.compactMap(\.self)
    }
}
