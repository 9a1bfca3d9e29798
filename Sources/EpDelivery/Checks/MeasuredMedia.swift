public import EpCore

/// What was measured on a finished sound or video file.
public struct MeasuredMedia: Sendable {
    public struct Sound: Sendable {
        public var codec: String
        public var sampleRateHz: Int
        public var channels: Int
        /// Of the stream, or of the file where that does not say; nil if neither does.
        public var bitRateKbps: Double?
        public var durationSeconds: Double?
        /// What decoding it gave; nil if nothing could be decoded.
        public var heard: SoundReport?
    }

    public struct Picture: Sendable {
        public var codec: String
        public var width: Int
        public var height: Int
        public var framesPerSecond: Double
        public var pixelFormat: String
        public var durationSeconds: Double?
        /// What decoding it gave; nil if nothing could be decoded.
        public var seen: PictureReport?
    }

    /// The file's name, as a person knows it.
    public let name: String
    public let byteCount: Int
    /// As ffprobe calls it: `mp3`, `mov,mp4,m4a,3gp,3g2,mj2`; "" if it is no media that is known.
    public let format: String
    public let durationSeconds: Double?
    public let sound: Sound?
    /// Moving pictures; a cover is none.
    public let picture: Picture?
    /// Width and height of the picture that is embedded as a cover, in pixels.
    public let cover: (width: Int, height: Int)?
    public let chapters: [(title: String, startSeconds: Double, endSeconds: Double)]
    public let subtitleCount: Int
    /// In lower case.
    public let tags: [String: String]
    /// What programs said was wrong while they read it, each once.
    public let problems: [String]
    /// True if the index of an MP4 stands before its media, so that it can be played while it arrives; nil for other files.
    public let isFastStart: Bool?

    /// - Parameters:
    ///   - probe: what `ffprobe -show_format -show_streams -show_chapters -of json` answered.
    ///   - start: the first bytes of the file.
    public init(
        name: String, byteCount: Int, probe: Value, sound: SoundReport?, picture: PictureReport?, problems: [String], start: [UInt8]
    ) {
        func number(_ value: Value?) -> Double? { value?.number ?? value?.string.flatMap(Double.init) }
        let streams = probe["streams"]?.list ?? []
        func first(_ kind: String, where fits: (Value) -> Bool = { _ in true }) -> Value? {
            streams.first { $0["codec_type"]?.string == kind && fits($0) }
        }
        func isCover(_ stream: Value) -> Bool { number(stream["disposition"]?["attached_pic"]) == 1 }
        (self.name, self.byteCount, self.problems) = (name, byteCount, problems)
        format = probe["format"]?["format_name"]?.string ?? ""
        durationSeconds = number(probe["format"]?["duration"])
        self.sound = first("audio").map { stream in
            Sound(
                codec: stream["codec_name"]?.string ?? "", sampleRateHz: Int(number(stream["sample_rate"]) ?? 0),
                channels: Int(number(stream["channels"]) ?? 0),
                bitRateKbps: (number(stream["bit_rate"]) ?? number(probe["format"]?["bit_rate"])).map { $0 / 1000 },
                durationSeconds: number(stream["duration"]), heard: sound)
        }
        self.picture = first("video", where: { !isCover($0) }).map { stream in
            Picture(
                codec: stream["codec_name"]?.string ?? "", width: Int(number(stream["width"]) ?? 0),
                height: Int(number(stream["height"]) ?? 0),
                framesPerSecond: Self.ratio(stream["avg_frame_rate"]?.string ?? ""), pixelFormat: stream["pix_fmt"]?.string ?? "",
                durationSeconds: number(stream["duration"]), seen: picture)
        }
        cover = first("video", where: isCover).map { (Int(number($0["width"]) ?? 0), Int(number($0["height"]) ?? 0)) }
        chapters = (probe["chapters"]?.list ?? []).map {
            ($0["tags"]?["title"]?.string ?? "", number($0["start_time"]) ?? 0, number($0["end_time"]) ?? 0)
        }
        subtitleCount = streams.filter { $0["codec_type"]?.string == "subtitle" }.count
        let members = (probe["format"]?["tags"]?.members ?? []) + (first("audio")?["tags"]?.members ?? [])
        tags = Dictionary(members.compactMap { member in member.value.string.map { (member.key.lowercased(), $0) } }) { first, _ in first }
        isFastStart = format.contains("mp4") ? Self.hasIndexFirst(start) : nil
    }

    /// `30000/1001` as a number; 0 if it is none.
    private static func ratio(_ text: String) -> Double {
        let parts = text.split(separator: "/").compactMap { Double($0) }
        return parts.count == 2 && parts[1] != 0 ? parts[0] / parts[1] : parts.first ?? 0
    }

    /// ISO/IEC 14496-12: boxes of a size and a kind, of which `moov` is the index and `mdat` the media.
    private static func hasIndexFirst(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index + 8 <= bytes.count {
            let kind = String(decoding: bytes[index + 4..<index + 8], as: UTF8.self)
            if kind == "moov" { return true }
            if kind == "mdat" { return false }
            let size = bytes[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8 else { return false }
            index += size
        }
        return false
    }
}

/// What decoding a whole sound gave, as ffmpeg's filters tell it.
public struct SoundReport: Sendable, Equatable {
    public var integratedLUFS: Double?
    public var truePeakDB: Double?
    public var rmsDB: Double?
    public var peakDB: Double?
    /// The level of the quietest half second that is not digital silence; nil if there is none.
    public var noiseFloorDB: Double?
    public var decodedSeconds: Double
    /// Where nothing is heard, in order.
    public var silences: [Range<Double>]

    public init(
        integratedLUFS: Double?, truePeakDB: Double?, rmsDB: Double?, peakDB: Double?, noiseFloorDB: Double?, decodedSeconds: Double,
        silences: [Range<Double>]
    ) {
        (self.integratedLUFS, self.truePeakDB, self.rmsDB, self.peakDB) = (integratedLUFS, truePeakDB, rmsDB, peakDB)
        (self.noiseFloorDB, self.decodedSeconds, self.silences) = (noiseFloorDB, decodedSeconds, silences)
    }

    /// Silence at the beginning.
    public var headSeconds: Double { silences.first { $0.lowerBound < 0.01 }?.upperBound ?? 0 }
    /// Silence at the end.
    public var tailSeconds: Double {
        guard let last = silences.last, last.upperBound >= decodedSeconds - 0.01 else { return 0 }
        return decodedSeconds - last.lowerBound
    }
    /// The longest silence that is neither head nor tail.
    public var longestPause: Range<Double>? {
        silences.filter { $0.lowerBound >= 0.01 && $0.upperBound < decodedSeconds - 0.01 }.max {
            $0.upperBound - $0.lowerBound < $1.upperBound - $1.lowerBound
        }
    }
}

/// What decoding all pictures gave.
public struct PictureReport: Sendable, Equatable {
    public var frameCount: Int
    public var decodedSeconds: Double
    /// Where the picture is black, in order.
    public var blacks: [Range<Double>]
}
