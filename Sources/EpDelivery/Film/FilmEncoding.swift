/// The commands that make a film of its scenes: the sound of one, the whole, and a picture of it.
public enum FilmEncoding {
    /// Encodes the samples of one scene (`sound.pcm`, 16 bits) as AAC frames (`sound.aac`), by a coder whose frames can be joined.
    public static func sound(channels: Int) -> [String] {
        SceneEncoding.quiet + [
            "-f", "s16le", "-ar", String(FilmTimeline.sampleRate), "-ac", String(channels), "-i", "file:sound.pcm",
            "-c:a", "aac", "-aac_coder", "fast", "-q:a", "1.2", "-threads", "1", "-flags", "+bitexact", "-fflags", "+bitexact",
            "-map_metadata", "-1",
            "-f", "adts", "file:sound.aac",
        ]
    }

    /// Joins scenes (`list.txt`) and sound (`sound.aac`) with captions (`captions.srt`) and tags (`film.ffmeta`). Nothing is encoded but
    /// the
    /// captions' text.
    /// - Parameter language: three letters, ``TrackLanguage``.
    public static func join(rate: FrameRate, hasCaptions: Bool, language: String) -> [String] {
        // The first frame of AAC holds what was before the beginning: 1,024 samples.
        let early = ["-itsoffset", "-0.021333333", "-f", "aac", "-i", "file:sound.aac"]
        let captions = hasCaptions ? ["-f", "srt", "-i", "file:captions.srt"] : []
        let tags = hasCaptions ? "3" : "2"
        return SceneEncoding.quiet + ["-f", "concat", "-protocol_whitelist", "file", "-i", "file:list.txt"] + early + captions
            + ["-f", "ffmetadata", "-i", "file:film.ffmeta", "-map", "0:v", "-map", "1:a"] + (hasCaptions ? ["-map", "2:s"] : [])
            + ["-map_metadata", tags, "-map_chapters", tags, "-c", "copy"]
            + (hasCaptions ? ["-c:s", "mov_text", "-metadata:s:s:0", "language=\(language)"] : [])
            + [
                "-metadata:s:a:0", "language=\(language)", "-fflags", "+bitexact", "-video_track_timescale", String(rate.timescale),
                "-movflags", "+faststart", "-f", "mp4", "file:film.mp4",
            ]
    }

    /// The list of scenes that ``join(rate:hasCaptions:language:)`` reads.
    /// - Parameters:
    ///   - labels: of the scenes, relative to the working directory: letters, digits and `/` alone.
    ///   - timeline: without how long each of them lasts, some rates would drift.
    public static func list(_ labels: [String], _ timeline: FilmTimeline) -> String {
        zip(labels, timeline.scenes.indices).map { label, index in
            let microseconds = Int64((timeline.seconds(of: index) * 1_000_000).rounded())
            return "file '\(label)'\nduration \(microseconds / 1_000_000).\(padded(microseconds % 1_000_000, 6))\n"
        }.joined()
    }

    /// The first frame of a film (`scene.mp4`), or a picture (`picture`) in its size, as a JPEG (`poster.jpg`).
    /// - Parameter picture: nil: the film's first frame.
    public static func poster(_ picture: PictureKind?, size: FrameSize) -> [String] {
        let end = [
            "-frames:v", "1", "-update", "1", "-c:v", "mjpeg", "-q:v", "2", "-threads", "1", "-fflags", "+bitexact", "-flags:v",
            "+bitexact",
            "-map_metadata", "-1", "-f", "image2", "file:poster.jpg",
        ]
        let full = "scale=in_color_matrix=bt709:out_color_matrix=bt601:out_range=pc:\(SceneEncoding.exact),format=yuvj444p"
        guard let picture else {
            return SceneEncoding.quiet + ["-protocol_whitelist", "file", "-f", "mov", "-i", "file:scene.mp4", "-vf", full] + end
        }
        let scene = SceneEncoding(size: size, rate: .usual, frames: 1)
        let fromRGB = "scale=out_color_matrix=bt601:out_range=pc:\(SceneEncoding.exact),format=yuvj444p"
        let drawn = picture == .moving ? "\(scene.moving(of: "0:V")),\(full)" : "\(scene.still(of: "0:v")),\(fromRGB)"
        return SceneEncoding.quiet + picture.input("picture") + [
            "-filter_complex_threads", "1", "-filter_complex", drawn + "[v]", "-map", "[v]",
        ] + end
    }
}
