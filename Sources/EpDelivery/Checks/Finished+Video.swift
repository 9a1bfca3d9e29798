/// What YouTube wants of a film.
extension Finished {
    var youtube: [Finding] {
        let platform = Platform.youtube.rawValue
        guard let picture = media.picture else {
            return [
                finding(
                    platform, "picture", false, measured: "no moving picture", wanted: "a film",
                    remedy: "make one with `tool: video`, or leave `youtube` out")
            ]
        }
        var findings = [
            finding(
                platform, "codecs", picture.codec == "h264" && media.sound?.codec ?? "aac" == "aac",
                measured: "\(picture.codec) and \(media.sound?.codec ?? "no sound")",
                wanted: "h264 and aac", remedy: "have `package` make an MP4"),
            finding(
                platform, "pixels", picture.pixelFormat == "yuv420p", measured: picture.pixelFormat, wanted: "yuv420p",
                remedy: "encode the picture as yuv420p"),
            finding(
                platform, "size", picture.height >= 720 || picture.width >= 720, measured: "\(picture.width) × \(picture.height)",
                wanted: "at least 720 lines",
                remedy: "set the size of the video stage"),
            finding(
                platform, "fast start", media.isFastStart ?? false,
                measured: media.isFastStart ?? false ? "the index comes first" : "the index comes last",
                wanted: "the index comes first", remedy: "write the MP4 with `-movflags +faststart`"),
        ]
        findings.append(chapters(platform))
        findings += captions.flatMap { layout(platform, $0) }
        return findings
    }

    /// Chapters are shown if the first begins at 0:00, there are three, and none is shorter than ten seconds.
    private func chapters(_ platform: String) -> Finding {
        let lengths = media.chapters.map { $0.endSeconds - $0.startSeconds }
        let fits = media.chapters.count >= 3 && media.chapters[0].startSeconds < 0.01 && lengths.allSatisfy { $0 >= 9.99 }
        let short = lengths.min().map { ", the shortest of \(Shown.seconds($0, digits: 1))" } ?? ""
        return Finding(
            platform, "chapters", fits ? .pass : media.chapters.isEmpty ? .note : .fail, measured: "\(media.chapters.count)\(short)",
            wanted: "at least 3, from 0:00, each of 10 s or more", place: media.name,
            remedy: "put short scenes together under one title, or leave chapters out")
    }

    private func layout(_ platform: String, _ file: (name: String, cues: CaptionCues)) -> [Finding] {
        let wide = file.cues.cues.first { $0.lines.count > 2 || $0.lines.contains { $0.count > 42 } }
        let long = file.cues.cues.first { $0.endSeconds - $0.startSeconds > 7.05 }
        return [
            finding(
                platform, "caption width", wide == nil,
                measured: wide.map { "\($0.lines.count) lines of up to \($0.lines.map(\.count).max() ?? 0) characters" } ?? "narrow enough",
                wanted: "2 lines of 42 characters", at: wide.map { "\(file.name) at \(Shown.moment($0.startSeconds))" } ?? file.name,
                remedy: "build the captions again"),
            finding(
                platform, "caption time", long == nil,
                measured: long.map { Shown.seconds($0.endSeconds - $0.startSeconds) } ?? "short enough", wanted: "at most 7 s each",
                at: long.map { "\(file.name) at \(Shown.moment($0.startSeconds))" } ?? file.name, remedy: "build the captions again"),
        ]
    }
}
