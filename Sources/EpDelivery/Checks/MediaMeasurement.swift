/// How a file is measured: one script for a shell with ffmpeg and ffprobe, and what its answers mean.
///
/// Only files are opened, and only in formats that name no other files.
public enum MediaMeasurement {
    /// What the script leaves behind.
    public static let outputs = ["probe.json", "problems.txt", "sound.txt", "windows.txt", "picture.txt", "progress.txt"]
    /// Below this nothing is heard.
    public static let silenceDB = -50.0

    /// Measures the file `media` in its directory.
    public static let script = """
        exec </dev/null
        open="-protocol_whitelist file -format_whitelist mov,matroska,mp3,wav,w64,flac,ogg,aac,ac3,aiff,caf,amr,asf,avi,flv,mpeg,mpegts"
        quiet="-nostdin -hide_banner -nostats -max_pixels 50000000 -loglevel level+info"
        for file in \(outputs.joined(separator: " ")); do : > "$file"; done
        ffprobe -v error $open -show_format -show_streams -show_chapters -of json file:media > probe.json 2>> problems.txt
        case $(tr -d ' \\n' < probe.json) in
            *'"codec_type":"audio"'*)
                ffmpeg $quiet $open -i file:media -map 0:a:0 -af "silencedetect=n=\(Int(silenceDB))dB:d=0.3,astats=measure_perchannel=none,\
        asetnsamples=n=22050:p=0,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level,\
        ametadata=print:key=lavfi.astats.Overall.RMS_level:file=windows.txt,ebur128=peak=true:framelog=verbose" -f null - 2> sound.txt ;;
        esac
        case $(tr -d ' \\n' < probe.json) in
            *'"codec_type":"video"'*)
                ffmpeg $quiet $open -progress progress.txt -i file:media -map 0:V:0? -vf blackdetect=d=0.2:pix_th=0.10 -f null - 2> picture.txt ;;
        esac
        exit 0

        """

    /// What was heard; nil if nothing was decoded.
    /// - Parameters:
    ///   - text: `sound.txt`.
    ///   - windows: `windows.txt`.
    public static func sound(_ text: String, windows: String, sampleRateHz: Int) -> SoundReport? {
        let lines = text.split(separator: "\n").map(String.init)
        /// The last value behind a word, among the lines of one filter.
        func last(_ word: String, of filter: String = "") -> Double? {
            lines.last { $0.contains(filter) && $0.contains("\(word):") }.flatMap { number(behind: "\(word):", in: $0) }
        }
        guard let samples = last("Number of samples", of: "astats_1"), samples > 0, sampleRateHz > 0 else { return nil }
        let decoded = samples / Double(sampleRateHz)
        let starts = lines.compactMap { number(behind: "silence_start:", in: $0) }
        let ends = lines.compactMap { number(behind: "silence_end:", in: $0) }
        let silences = starts.enumerated().map { index, start in
            max(0, start)..<max(max(0, start), index < ends.count ? min(ends[index], decoded) : decoded)
        }
        let levels = windows.split(separator: "\n").compactMap { number(behind: "RMS_level=", in: String($0)) }
        // The last window may be a short one, and is silence in most files.
        let floor = levels.dropLast(levels.count > 1 ? 1 : 0).filter(\.isFinite).min()
        return SoundReport(
            integratedLUFS: last("I"), truePeakDB: last("Peak"), rmsDB: last("RMS level dB", of: "astats_1"),
            peakDB: last("Peak level dB", of: "astats_1"),
            noiseFloorDB: floor, decodedSeconds: decoded, silences: silences)
    }

    /// What was seen; nil if nothing was decoded.
    /// - Parameters:
    ///   - text: `picture.txt`.
    ///   - progress: `progress.txt`.
    public static func picture(_ text: String, progress: String) -> PictureReport? {
        let lines = progress.split(separator: "\n").map(String.init)
        func last(_ key: String) -> Double? { lines.last { $0.hasPrefix("\(key)=") }.flatMap { number(behind: "\(key)=", in: $0) } }
        guard let frames = last("frame"), frames > 0, let end = last("out_time_us") else { return nil }
        let blacks = text.split(separator: "\n").compactMap { line -> Range<Double>? in
            guard let start = number(behind: "black_start:", in: String(line)), let end = number(behind: "black_end:", in: String(line)),
                end > start
            else { return nil }
            return start..<end
        }
        return PictureReport(frameCount: Int(frames), decodedSeconds: end / 1_000_000, blacks: blacks)
    }

    /// What programs complained of, each once, without the addresses that they print.
    /// - Parameter texts: `problems.txt`, `sound.txt` and `picture.txt`.
    public static func problems(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.flatMap { $0.split(separator: "\n") }.compactMap { line -> String? in
            let text = String(line).replacing(/\ @ 0x[0-9a-f]+/, with: "")
            // What ffprobe says has no level.
            guard !text.contains("[info]"), !text.contains("[verbose]"), isComplaint(text) else { return nil }
            let plain = text.replacing(/\[(?:warning|error|fatal|panic)\] ?/, with: "")
            return seen.insert(plain).inserted ? plain : nil
        }
    }

    /// The summary of `ebur128` has lines without a level.
    private static func isComplaint(_ line: String) -> Bool {
        if line.contains("[warning]") || line.contains("[error]") || line.contains("[fatal]") || line.contains("[panic]") {
            // A cover in a file of sound, and chapters as text: not a fault of the file.
            return !line.contains("Unsupported codec with id 98314")
        }
        return line.hasPrefix("[") || line.hasPrefix("file:media")
    }

    private static func number(behind word: String, in line: String) -> Double? {
        guard let range = line.firstRange(of: word) else { return nil }
        let rest = line[range.upperBound...].drop { $0 == " " }
        return Double(rest.prefix { !$0.isWhitespace })
    }
}
