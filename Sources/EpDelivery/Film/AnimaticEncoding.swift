/// How one panel becomes a rough film by itself: small, quickly encoded, with its sound if there is any.
public struct AnimaticEncoding: Hashable, Sendable {
    private let scene: SceneEncoding
    private let picture: PictureKind?
    private let hasSound: Bool

    /// - Parameters:
    ///   - picture: what lies behind the panel's text; nil: nothing.
    public init(size: FrameSize, frames: Int, picture: PictureKind?, hasSound: Bool) {
        scene = SceneEncoding(size: size, rate: .usual, frames: frames)
        (self.picture, self.hasSound) = (picture, hasSound)
    }

    /// Reads `panel.svg`, `picture` and `sound` in the working directory, and writes `scene.mp4`.
    public func arguments() -> [String] {
        let inputs = ["-f", "svg_pipe", "-i", "file:panel.svg"] + (picture?.input("picture") ?? []) + (hasSound ? Self.sound : [])
        let voice = ["-map", "\(picture == nil ? 1 : 2):a:0", "-af", "apad", "-c:a", "aac", "-b:a", "64k", "-ac", "1", "-ar", "48000"]
        let maps = ["-map", "[v]"] + (hasSound ? voice : [])
        // Half a frame short of the end: the last frame begins before that, and silence goes on no longer.
        let seconds = scene.rate.seconds(of: scene.frames) - scene.rate.seconds(of: 1) / 2
        return SceneEncoding.quiet + inputs + ["-filter_complex_threads", "1", "-filter_complex", filter + "[v]"] + maps + [
            "-frames:v", String(scene.frames), "-t", Self.decimal(seconds),
            "-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", "-threads", "1", "-filter_threads", "1", "-pix_fmt", "yuv420p",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
            "-flags", "+bitexact", "-flags:a", "+bitexact", "-fflags", "+bitexact", "-map_metadata", "-1", "-map_chapters", "-1",
            "-video_track_timescale", String(scene.rate.timescale), "-movflags", "+faststart", "-f", "mp4", "file:scene.mp4",
        ]
    }

    private static let sound = ["-protocol_whitelist", "file", "-format_whitelist", "wav,flac,mp3,ogg,w64", "-i", "file:sound"]

    private var filter: String {
        let text = "[0:v]trim=end_frame=1,setpts=0,scale=\(scene.size.width):\(scene.size.height):\(SceneEncoding.exact)"
        switch picture {
        case nil: return "\(text),format=gbrp\(scene.repeated)\(scene.inStep)"
        case .moving: return "\(scene.moving(of: "1:V"))[c];\(text),format=yuva420p[t];[c][t]overlay=0:0\(scene.inStep)"
        case .png, .jpeg:
            return "\(scene.still(of: "1:v"))[c];\(text),format=gbrap[t];[c][t]overlay=0:0:format=gbrp\(scene.repeated)\(scene.inStep)"
        }
    }

    /// Thousandths, without a float's letters.
    private static func decimal(_ seconds: Double) -> String {
        let thousandths = Int64((seconds * 1000).rounded())
        return "\(thousandths / 1000).\(padded(thousandths % 1000, 3))"
    }
}
