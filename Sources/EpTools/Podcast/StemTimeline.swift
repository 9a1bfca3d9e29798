import EpCore
import EpSound

/// An episode's stems as OpenTimelineIO reads them (`Timeline.1`): a track for each stem, a clip for each thing that is heard.
///
/// Clips of one track follow each other; what is heard at the same time as another of its stem stands in a further track.
struct StemTimeline {
    let title: String
    let clips: [MixStems.Clip]
    /// In samples.
    let length: Int

    var json: String {
        let tracks = Stem.allCases.flatMap(tracks)
        let stack: Value = schema("Stack.1", title, [.init("children", .list(tracks))])
        return schema("Timeline.1", title, [.init("global_start_time", .null), .init("tracks", stack)]).json() + "\n"
    }

    private func tracks(_ stem: Stem) -> [Value] {
        // The room is heard throughout.
        let own =
            stem == .ambience
            ? [MixStems.Clip(stem: stem, title: "room tone", range: 0..<length)] : clips.filter { $0.stem == stem && !$0.range.isEmpty }
        var lanes: [[MixStems.Clip]] = []
        for clip in own {
            if let lane = lanes.firstIndex(where: { ($0.last?.range.upperBound ?? 0) <= clip.range.lowerBound }) {
                lanes[lane].append(clip)
            } else {
                lanes.append([clip])
            }
        }
        return lanes.enumerated().map { number, lane in
            schema(
                "Track.1", number == 0 ? stem.rawValue : "\(stem.rawValue) \(number + 1)",
                [.init("kind", .string("Audio")), .init("children", .list(children(lane, of: stem)))])
        }
    }

    private func children(_ clips: [MixStems.Clip], of stem: Stem) -> [Value] {
        var (items, position) = ([Value](), 0)
        for clip in clips {
            if clip.range.lowerBound > position {
                items.append(schema("Gap.1", "", [.init("source_range", range(0..<clip.range.lowerBound - position))]))
            }
            let media = schema(
                "ExternalReference.1", "",
                [.init("target_url", .string("\(stem.rawValue).wav")), .init("available_range", range(0..<length))])
            items.append(schema("Clip.1", clip.title, [.init("source_range", range(clip.range)), .init("media_reference", media)]))
            position = clip.range.upperBound
        }
        return items
    }

    private func schema(_ name: String, _ title: String, _ members: [Value.Member]) -> Value {
        .object([.init("OTIO_SCHEMA", .string(name)), .init("metadata", .object([])), .init("name", .string(title))] + members)
    }

    private func range(_ samples: Range<Int>) -> Value {
        [
            "OTIO_SCHEMA": "TimeRange.1", "start_time": time(samples.lowerBound), "duration": time(samples.count),
        ]
    }

    private func time(_ samples: Int) -> Value {
        ["OTIO_SCHEMA": "RationalTime.1", "rate": .double(Double(PCM.timelineRate)), "value": .double(Double(samples))]
    }
}
