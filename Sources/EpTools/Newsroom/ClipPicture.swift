import EpDelivery

/// What ffmpeg is told to make of a clip's picture. No text of a person's is ever in it.
struct ClipPicture {
    let width: Int
    let height: Int
    let frameRate: Int
    /// Frames of the clip.
    let frames: Int
    /// Frames of each fade.
    let fadeFrames: Int

    /// Swscale gives the same on every processor only so.
    private static let exact = "flags=bicubic+accurate_rnd+bitexact"

    /// How far before the clip reading begins where no key frame can be looked for, in seconds.
    private static let margin = 20.0

    /// The picture of a stretch of the recording, in square pixels and at an even pace. Almost nothing of it is lost, as it is encoded once
    /// more.
    /// - Parameter hasIndex: false: what is read first may be behind the moment that was looked for.
    static func cutting(start: Double, frames: Int, frameRate: Int, hasIndex: Bool) -> [String] {
        let first = hasIndex ? start : max(0, start - margin)
        let trimmed = hasIndex ? "" : "trim=start=\(decimal(start - first)),setpts=PTS-STARTPTS,"
        let pace = "\(trimmed)fps=\(frameRate):start_time=0,tpad=stop=-1:stop_mode=clone,format=yuv420p"
        return RecordingInput.quietly + (first > 0 ? ["-ss", decimal(first)] : []) + RecordingInput.opened
            + ["-map", "0:V:0", "-vf", "scale=trunc(iw*sar/2)*2:trunc(ih/2)*2:\(exact),setsar=1,\(pace)"]
            + ["-frames:v", String(frames), "-an", "-sn", "-dn", "-filter_threads", "1"]
            + ["-c:v", "libx264", "-preset", "superfast", "-crf", "12", "-threads", "1"] + RecordingInput.plainly + [
                "-f", "matroska", "picture.mkv",
            ]
    }

    /// The recording's picture in the shape of the clip: with its own blurred edges around it, or cut off at them.
    /// - Parameter colours: of the recording, as ffmpeg names them.
    func framing(_ fit: ClipSetting.Fit, colours: String) -> String {
        let converted = "in_color_matrix=\(colours):out_color_matrix=bt709:out_range=tv:\(Self.exact)"
        switch fit {
        case .crop:
            return
                "[0:v]scale=\(width):\(height):force_original_aspect_ratio=increase:\(converted)"
                    + ",crop=\(width):\(height),setsar=1,format=yuv420p"
        case .blur:
            let (small, low) = (width / 20 * 2, height / 20 * 2)
            return "[0:v]scale=\(width):\(height):force_original_aspect_ratio=decrease:force_divisible_by=2:\(converted),"
                + "setsar=1,format=yuv420p,split[whole][edges];"
                + "[edges]scale=\(small):\(low):force_original_aspect_ratio=increase:\(Self.exact),crop=\(small):\(low),gblur=sigma=4,"
                + "scale=\(width):\(height):\(Self.exact),setsar=1[ground];"
                + "[ground][whole]overlay=(W-w)/2:(H-h)/2:format=yuv420,format=yuv420p"
        }
    }

    /// The waves of a sound before a colour.
    func waves(_ palette: CoverDesign.Palette) -> String {
        let (wide, high) = (width * 4 / 5 / 2 * 2, height / 5 / 2 * 2)
        return
            "[0:a]aformat=channel_layouts=mono,showwaves=s=\(wide)x\(high):mode=cline:rate=\(frameRate)"
            + ":scale=sqrt:colors=0x\(palette.disc.hex.dropFirst())[waves];"
            + "color=c=0x\(palette.ground.hex.dropFirst()):s=\(width)x\(height):r=\(frameRate)[ground];"
            + "[ground][waves]overlay=(W-w)/2:(H-h)/2:format=rgb,"
            + "scale=out_color_matrix=bt709:out_range=tv:\(Self.exact),setsar=1,format=yuv420p"
    }

    /// Behind the picture: what is drawn into it, and its fades.
    /// - Parameter hasText: true if `captions.ass` is drawn.
    func finished(_ graph: String, hasText: Bool) -> String {
        let text = hasText ? ",subtitles=filename=captions.ass" : ""
        let fades = fadeFrames > 0 ? ",fade=t=in:s=0:n=\(fadeFrames),fade=t=out:s=\(max(0, frames - fadeFrames)):n=\(fadeFrames)" : ""
        return "\(graph)\(text)\(fades),format=yuv420p[v]"
    }

    /// How picture and sound are encoded: the same bytes each time.
    func encoding() -> [String] {
        ["-frames:v", String(frames), "-filter_threads", "1", "-filter_complex_threads", "1"]
            + ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-threads", "1"]
            + [
                "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv", "-video_track_timescale",
                "90000",
            ]
    }

    /// Six decimals.
    static func decimal(_ value: Double) -> String {
        let millionths = Int((value * 1_000_000).rounded())
        let digits = String(millionths % 1_000_000)
        return "\(millionths / 1_000_000).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
    }
}
