/// One scene of a film, as its documents know it.
public struct FilmScene: Hashable, Sendable {
    /// What it is called in the person's files; empty if it has no name.
    public var id: String
    /// Empty if it goes on under the title before it.
    public var title: String
    /// Who speaks; empty if nobody is to be named.
    public var speaker: String
    /// What is said, or shown as a caption where nothing is heard.
    public var text: String
    public var frames: Int
    /// How long its sound is; nil if it is silent.
    public var soundSeconds: Double?
    /// From when to when something is heard in its sound, in seconds.
    public var heard: ClosedRange<Double>?
    /// When each word of the text is heard, in seconds of its sound.
    public var words: [ClosedRange<Double>]
    /// What the person wants of its length.
    public var minimumSeconds: Double?
    public var maximumSeconds: Double?

    public init(
        id: String = "", title: String = "", speaker: String = "", text: String = "", frames: Int, soundSeconds: Double? = nil,
        heard: ClosedRange<Double>? = nil, words: [ClosedRange<Double>] = [], minimumSeconds: Double? = nil, maximumSeconds: Double? = nil
    ) {
        self.id = id
        self.title = title
        self.speaker = speaker
        self.text = text
        self.frames = frames
        self.soundSeconds = soundSeconds
        self.heard = heard
        self.words = words
        self.minimumSeconds = minimumSeconds
        self.maximumSeconds = maximumSeconds
    }
}

/// Where the scenes of a film are, in its pictures and in its sound.
///
/// Each scene is a whole number of frames. Its sound begins on the nearest frame of AAC, which is never further off than half of
/// one (11 ms), wherever the scene is: nothing adds up. So the frames of a scene's sound are the same wherever it stands.
public struct FilmTimeline: Sendable {
    /// Of the sound, in Hz, and samples in one frame of AAC-LC.
    public static let sampleRate = 48_000
    public static let samplesPerFrame = 1024

    public let rate: FrameRate
    public let scenes: [FilmScene]
    /// In frames of the picture; one more than there are scenes, as the last is the end.
    public let starts: [Int]

    public init(rate: FrameRate, scenes: [FilmScene]) {
        (self.rate, self.scenes) = (rate, scenes)
        starts = scenes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.frames) }
    }

    public var seconds: Double { rate.seconds(of: starts[starts.count - 1]) }
    public func start(of scene: Int) -> Double { rate.seconds(of: starts[scene]) }
    public func seconds(of scene: Int) -> Double { rate.seconds(of: scenes[scene].frames) }

    /// The frame of AAC that is nearest to a frame of the picture.
    private func soundFrame(at frame: Int) -> Int {
        let (samples, unit) = (frame * rate.denominator * Self.sampleRate, rate.numerator * Self.samplesPerFrame)
        return (2 * samples + unit) / (2 * unit)
    }

    /// How many frames of AAC are a scene's; the last has one more, in which what is before it fades.
    public func soundFrames(of scene: Int) -> Int {
        soundFrame(at: starts[scene + 1]) - soundFrame(at: starts[scene]) + (scene == scenes.count - 1 ? 1 : 0)
    }

    /// When the sound of a scene begins.
    public func soundStart(of scene: Int) -> Double {
        Double(soundFrame(at: starts[scene]) * Self.samplesPerFrame) / Double(Self.sampleRate)
    }

    /// Samples that the sound of a scene of so many frames is encoded in: enough for wherever it stands, silence at the end.
    public static func soundSamples(frames: Int, at rate: FrameRate) -> Int {
        let (samples, unit) = (frames * rate.denominator * sampleRate, rate.numerator * samplesPerFrame)
        return ((samples + unit - 1) / unit + 1) * samplesPerFrame
    }
}

extension FilmTimeline {
    /// What is said when. Where nothing is heard, a text stands as long as its scene.
    public var transcript: Transcript {
        Transcript(scenes.indices.compactMap { index in
            let scene = scenes[index]
            guard !scene.text.words.isEmpty else { return nil }
            guard let seconds = scene.soundSeconds else {
                return .init(
                    speaker: scene.speaker, text: scene.text, start: Timestamp(seconds: start(of: index)),
                    end: Timestamp(seconds: start(of: index + 1)))
            }
            let (begin, heard) = (soundStart(of: index), scene.heard ?? 0...seconds)
            func moment(_ seconds: Double) -> Timestamp { Timestamp(seconds: begin + seconds) }
            return .init(
                speaker: scene.speaker, text: scene.text, start: moment(heard.lowerBound), end: moment(heard.upperBound),
                words: scene.words.map { .init(start: moment($0.lowerBound), end: moment($0.upperBound)) })
        })
    }

    /// Seconds that a chapter lasts at least, and how many there must be: what YouTube asks for.
    static let shortestChapter = 10.0
    static let fewestChapters = 3

    /// One for each title, but that no chapter is too short: what would be goes on under the title before it.
    /// - Parameter title: of the film, for a beginning without one.
    /// - Returns: none if there would be too few.
    public func chapters(title: String) -> [ChapterMark] {
        var marks: [(title: String, start: Int)] = [(scenes.first?.title ?? "", 0)]
        var named = scenes.first?.title ?? ""
        for index in scenes.indices.dropFirst() where !scenes[index].title.isEmpty && scenes[index].title != named {
            named = scenes[index].title
            let lasted = rate.seconds(of: starts[index] - marks[marks.count - 1].start)
            if lasted >= Self.shortestChapter { marks.append((named, starts[index])) }
        }
        let whole = starts[starts.count - 1]
        if marks.count > 1, rate.seconds(of: whole - marks[marks.count - 1].start) < Self.shortestChapter { marks.removeLast() }
        guard marks.count >= Self.fewestChapters else { return [] }
        return zip(marks, marks.dropFirst().map(\.start) + [whole]).map { mark, end in
            let (start, end) = (Timestamp(seconds: rate.seconds(of: mark.start)), Timestamp(seconds: rate.seconds(of: end)))
            return ChapterMark(title: mark.title.isEmpty ? title : mark.title, start: start, end: end)
        }
    }
}
