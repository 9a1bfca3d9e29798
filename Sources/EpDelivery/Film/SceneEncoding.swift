/// How one scene of a film is encoded, without its sound: H.264 in MP4, so that scenes can be joined and are not encoded again.
///
/// The same picture and settings give the same bytes: one thread, exact scaling, nothing of the clock. Every scene of one size and rate has
/// the same decoder configuration, whatever it shows. Colours are BT.709 and say so.
public struct SceneEncoding: Hashable, Sendable {
    public enum Motion: String, Sendable, CaseIterable {
        case none
        /// Slowly nearer, by 3 % of the picture on each side.
        case zoom
    }

    public let size: FrameSize
    public let rate: FrameRate
    public let frames: Int
    public let motion: Motion
    /// What is seen around a picture of another form, and through one that is not opaque.
    public let ground: Colour

    public init(size: FrameSize, rate: FrameRate, frames: Int, motion: Motion = .none, ground: Colour = SceneEncoding.usualGround) {
        (self.size, self.rate, self.frames, self.motion, self.ground) = (size, rate, frames, motion, ground)
    }

    public static let usualGround = Colour(hex: "101418") ?? .black

    /// Encodes one file into another; both are relative to the working directory.
    public func arguments(_ kind: PictureKind, picture: String, scene: String) -> [String] {
        Self.quiet + kind.input(picture) + ["-filter_complex_threads", "1", "-filter_complex", filter(kind), "-map", "[v]"]
            + ["-frames:v", String(frames), "-an"] + Self.encoder + [
                "-fflags", "+bitexact", "-map_metadata", "-1", "-map_chapters", "-1", "-video_track_timescale", String(rate.timescale),
                "-f", "mp4", "file:\(scene)",
            ]
    }

    static let quiet = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-xerror", "-y"]
    static let encoder = [
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-threads", "1", "-filter_threads", "1",
        "-x264-params", "stitchable=1:open-gop=0:keyint=125:min-keyint=1:scenecut=0",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv", "-flags", "+bitexact",
    ]

    /// Only numbers and names of epbuild's own stand in it: no text of a person's, and no name of a file.
    private func filter(_ kind: PictureKind) -> String {
        let drawn = kind == .moving ? moving(of: "0:V") : still(of: "0:v") + repeated
        return "\(drawn)\(inStep)\(kind == .moving ? "" : zoom)[v]"
    }

    static let exact = "flags=bicubic+accurate_rnd+full_chroma_int+bitexact"

    /// A picture on its ground, as one frame in RGB: it is decoded once.
    func still(of stream: String) -> String {
        let fit = "scale=\(size.width):\(size.height):force_original_aspect_ratio=decrease:\(Self.exact),setsar=1,format=gbrap"
        let ground = "color=c=\(groundName):size=\(size.name):rate=\(rate.fraction),trim=end_frame=1,format=gbrp"
        return "[\(stream)]trim=end_frame=1,setpts=0,\(fit)[p];\(ground)[b];[b][p]overlay=x=(W-w)/2:y=(H-h)/2:format=gbrp"
    }

    /// What makes a film of one frame in RGB.
    var repeated: String { ",scale=out_color_matrix=bt709:out_range=tv:\(Self.exact),format=yuv420p,loop=loop=-1:size=1:start=0" }

    /// Every frame begins where it must, to the tick. `N` is ffmpeg's, the number of a frame.
    var inStep: String { ",settb=\(rate.denominator)/\(rate.numerator),setpts=N" }

    /// At the film's rate, upright and in square pixels; the last frame stands until the scene ends.
    func moving(of stream: String) -> String {
        let fit = "scale=\(size.width):\(size.height):force_original_aspect_ratio=decrease:force_divisible_by=2"
            + ":out_color_matrix=bt709:out_range=tv:\(Self.exact)"
        return "[\(stream)]fps=\(rate.fraction),scale=w='max(2,trunc(iw*sar/2)*2)':h=ih:\(Self.exact),\(fit),setsar=1,format=yuv420p,"
            + "pad=\(size.width):\(size.height):(ow-iw)/2:(oh-ih)/2:color=\(groundName),tpad=stop=-1:stop_mode=clone"
    }

    private var groundName: String { "0x\(ground.hex.dropFirst())" }

    /// A perspective is moved by fractions of a pixel; `zoompan` jumps by whole ones, which is seen.
    private var zoom: String {
        guard motion == .zoom else { return "" }
        let (x, y) = ("W*0.03*on/\(frames)", "H*0.03*on/\(frames)")
        return
            ",perspective=x0='\(x)':y0='\(y)':x1='W-\(x)':y1='\(y)':x2='\(x)':y2='H-\(y)'"
                + ":x3='W-\(x)':y3='H-\(y)':interpolation=linear:eval=frame"
    }
}
