import EpCore
import EpPlan
import EpProviders

/// What ffprobe says of a recording.
struct RecordingFacts {
    static let ffprobe = Program("ffprobe", versionArguments: ["-version"], package: "ffmpeg")
    /// Where it writes that.
    static let output = "about.json"

    /// Writes down what a clip has to know of it.
    static let probing =
        ["ffprobe", "-hide_banner", "-v", "error"] + RecordingInput.opened.dropFirst(2)
        + [
            "-show_entries", "stream=codec_type,height,color_space:stream_disposition=attached_pic:format=duration,format_name", "-of",
            "json", "-o", output,
        ]

    /// Of the container, in seconds; 0 if it does not say.
    let seconds: Double
    let hasSound: Bool
    /// A picture on the cover of a sound is none.
    let hasPicture: Bool
    /// Where a moment is looked for, the key frame before it is found. Streams for broadcasting have no index of these.
    let hasKeyFrameIndex: Bool
    /// How its colours were made of red, green and blue, as ffmpeg names it.
    let colours: String

    init(_ json: [UInt8]) {
        let value = Value(json: json)
        let streams = value?["streams"]?.list ?? []
        let picture = streams.first { $0["codec_type"]?.string == "video" && $0["disposition"]?["attached_pic"]?.number != 1 }
        seconds = value?["format"]?["duration"]?.string.flatMap(Double.init) ?? 0
        hasSound = streams.contains { $0["codec_type"]?.string == "audio" }
        hasPicture = picture != nil
        hasKeyFrameIndex = !["mpegts", "mpeg"].contains(value?["format"]?["format_name"]?.string)
        let isLarge = (picture?["height"]?.number ?? 0) >= 720
        colours = Self.matrix(picture?["color_space"]?.string) ?? (isLarge ? "bt709" : "bt601")
    }

    /// Nil if nobody has said.
    private static func matrix(_ name: String?) -> String? {
        switch name {
        case "bt709": "bt709"
        case "bt470bg", "smpte170m": "bt601"
        case "smpte240m": "smpte240m"
        case "bt2020nc", "bt2020c": "bt2020"
        case "fcc": "fcc"
        default: nil
        }
    }
}
