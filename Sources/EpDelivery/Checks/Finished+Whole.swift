/// What every finished file must meet.
extension Finished {
    func whole(_ expectations: Expectations) -> [Finding] {
        [readable, complete, silence(expectations), scenes(expectations)].compactMap(\.self) + length(expectations) + pictures(expectations)
            + captions.flatMap(cues)
    }

    func finding(
        _ platform: String, _ rule: String, _ passes: Bool, measured: String, wanted: String, at place: String? = nil, remedy: String
    ) -> Finding {
        Finding(platform, rule, passes ? .pass : .fail, measured: measured, wanted: wanted, place: place ?? media.name, remedy: remedy)
    }

    private var readable: Finding {
        let complaint = media.problems.first ?? (media.sound == nil && media.picture == nil ? "no sound and no picture" : nil)
        let isHeard = media.sound.map { $0.heard != nil } ?? true
        return finding(
            "file", "decoding", complaint == nil && isHeard,
            measured: complaint ?? (isHeard ? "no complaint" : "nothing that can be decoded"),
            wanted: "no complaint", remedy: "the file is damaged or of an odd kind: remove it and build again")
    }

    /// A file that was cut off declares more than it has.
    private var complete: Finding? {
        guard let declared = media.durationSeconds,
            let decoded = [media.sound?.heard?.decodedSeconds, media.picture?.seen?.decodedSeconds].compactMap(\.self).max()
        else { return nil }
        return finding(
            "file", "completeness", (declared - decoded).magnitude <= 0.15, measured: "\(Shown.seconds(decoded)) decoded",
            wanted: "\(Shown.seconds(declared)) as declared",
            remedy: "the file was cut off: remove it and build again")
    }

    private func silence(_ expectations: Expectations) -> Finding? {
        guard let heard = media.sound?.heard else { return nil }
        let limit = expectations.longestSilenceSeconds
        if heard.peakDB.map({ !$0.isFinite }) ?? false || heard.headSeconds >= heard.decodedSeconds {
            return finding(
                "file", "silence", false, measured: "nothing is heard", wanted: "sound", remedy: "look at the stage that makes the sound")
        }
        let pause = heard.longestPause
        let seconds = pause.map { $0.upperBound - $0.lowerBound } ?? 0
        return finding(
            "file", "silence", seconds <= limit, measured: Shown.seconds(seconds), wanted: "at most \(Shown.seconds(limit)) without sound",
            at: pause.map { "\(media.name) at \(Shown.moment($0.lowerBound))" },
            remedy: "look for a line that was not spoken, or a pause that is too long")
    }

    private func length(_ expectations: Expectations) -> [Finding] {
        guard expectations.minimumSeconds != nil || expectations.maximumSeconds != nil else { return [] }
        let seconds = media.durationSeconds ?? 0
        let (low, high) = (expectations.minimumSeconds ?? 0, expectations.maximumSeconds)
        let wanted =
            high.map { "\(Shown.seconds(low, digits: 0)) to \(Shown.seconds($0, digits: 0))" }
            ?? "at least \(Shown.seconds(low, digits: 0))"
        return [
            finding(
                "file", "length", seconds >= low && seconds <= high ?? .infinity, measured: Shown.seconds(seconds, digits: 1),
                wanted: wanted,
                remedy: "write more or less, or change `expect`")
        ]
    }

    private func pictures(_ expectations: Expectations) -> [Finding] {
        guard let picture = media.picture else { return [] }
        var findings: [Finding] = []
        let black = picture.seen?.blacks.max { $0.upperBound - $0.lowerBound < $1.upperBound - $1.lowerBound }
        let seconds = black.map { $0.upperBound - $0.lowerBound } ?? 0
        findings.append(
            finding(
                "file", "black", seconds <= expectations.longestBlackSeconds, measured: Shown.seconds(seconds),
                wanted: "at most \(Shown.seconds(expectations.longestBlackSeconds)) of black picture",
                at: black.map { "\(media.name) at \(Shown.moment($0.lowerBound))" },
                remedy: "look at the scene that stands there"))
        if let heard = media.sound?.heard?.decodedSeconds, let seen = picture.seen?.decodedSeconds {
            // The last packet of sound is filled up: AAC has 1,024 samples in one.
            let difference = (heard - seen).magnitude
            findings.append(
                finding(
                    "file", "sync", difference <= 0.065,
                    measured: "\(Shown.number(difference * 1000, digits: 0)) ms between the ends of sound and picture",
                    wanted: "at most 65 ms",
                    remedy: "a scene's picture and its sound are of different lengths: `clean` both"))
        }
        return findings
    }

    private func cues(_ file: (name: String, cues: CaptionCues)) -> [Finding] {
        let cues = file.cues.cues
        let end = media.durationSeconds ?? 0
        let late = cues.first { $0.endSeconds > end + 0.05 || $0.startSeconds >= $0.endSeconds }
        let clash = zip(cues, cues.dropFirst()).first { $0.endSeconds > $1.startSeconds + 0.0005 }
        let place = { (cue: CaptionCues.Cue?) in cue.map { "\(file.name) at \(Shown.moment($0.startSeconds))" } ?? file.name }
        let bad = file.cues.badLines.first
        return [
            finding(
                "file", "captions", !cues.isEmpty && bad == nil, measured: bad.map { "no time in line \($0)" } ?? "\(cues.count) captions",
                wanted: "captions with times",
                at: file.name, remedy: "build the captions again"),
            finding(
                "file", "caption times", late == nil,
                measured: late.map { "a caption from \(Shown.moment($0.startSeconds)) to \(Shown.moment($0.endSeconds))" } ?? "all within",
                wanted: "within \(Shown.moment(end))", at: place(late), remedy: "build the captions again from the finished sound"),
            finding(
                "file", "caption overlaps", clash == nil, measured: clash == nil ? "none" : "one begins before the last has ended",
                wanted: "none", at: place(clash?.1),
                remedy: "build the captions again from the finished sound"),
        ]
    }
}
