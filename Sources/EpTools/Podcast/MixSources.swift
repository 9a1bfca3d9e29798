import EpCore
import EpPlan
import EpProviders
import EpScript
import EpSound

/// What a mix is made from: the script, one sound for each of its lines, music and effects by name, and recordings.
struct MixSources {
    let script: Script
    /// The lines' sounds in their order, then the music and effects that are used, then the recordings.
    let files: [ArtifactRef]
    /// How messages call what was decoded.
    private(set) var reasons: [ArtifactSource: [Step.Reason]] = [:]
    private let sounds: [String: Int]
    /// By the file that the script names.
    private let recordings: [Path: Int]
    /// What is said in a recording, where that is written beside it.
    private let texts: [Path: String]
    private let wishes: [String: SoundWish]
    /// When the words of a line are heard, by the line, where its voice tells that.
    private let timed: [Int: ArtifactRef]

    /// Nil if something is not known yet.
    init?(_ stage: StageContext) throws {
        guard let upstreams = try stage.upstreams() else { return nil }
        var (whole, speech) = (OnlyOne<Script>("a mix has one script"), OnlyOne<Void>("a mix has one speech"))
        var (voices, times) = ([(line: Int, file: ArtifactRef)](), [(line: Int, file: ArtifactRef)]())
        var leftOut = 0
        var named: [String: ArtifactRef] = [:]
        /// How messages call what stages hand on.
        var origins: [ArtifactSource: String] = [:]
        for (name, artifacts) in upstreams {
            if let file = artifacts.files.first, file.fileExtension == "fountain" {
                guard let known = try stage.script(file, of: name) else { return nil }
                try whole.set(known, of: name, count: artifacts.count(of: "fountain"), in: stage)
            } else if Self.isSpeech(artifacts) {
                try speech.set((), of: name, in: stage)
                let spoken = artifacts.items.flatMap { item in item.files.map { (line: (item.element?.number ?? 0) - 1, file: $0) } }
                voices = spoken.filter { $0.file.name != Self.wordsFile }
                times = spoken.filter { $0.file.name == Self.wordsFile }
                leftOut = artifacts.leftOut
            } else {
                try Self.add(artifacts.files, of: name, to: &named, at: stage.stage.location)
                for file in artifacts.files { origins[file.source] = stage.shown(file, of: name) }
            }
        }
        guard let whole = whole.value, whole.lines.count == voices.count + leftOut, Set(voices.map(\.line)).count == voices.count,
            voices.allSatisfy({ whole.lines.indices.contains($0.line) })
        else {
            throw Diagnostic(
                .badInput, "a mix needs a .fountain script, and a sound for each of its lines", at: stage.stage.location,
                remedy: "write `from: [SCRIPT, SPEECH]`, where SPEECH has `each: SCRIPT.lines`")
        }
        let script = whole.speaking(only: voices.map(\.line))
        let wishes = try SoundWish.all(stage)
        try Self.add(wishes, to: &named, stage)
        try Self.check(script, known: named.keys.sorted())
        let wanted = Set(script.cues.map(\.name) + script.directions.compactMap(\.effect)).union(["intro", "bed", "outro"])
        let used = named.filter { wanted.contains($0.key) }.sorted { $0.key < $1.key }
        let own = try used.filter { try wishes[$0.key]?.isCut == true || !Self.isWAV($0.value, stage) }.map { name, file in
            let shown: String = if case .file(let source) = file.source { source.shown } else { origins[file.source] ?? file.name }
            return (name: name, sound: OwnSound(file: file, shown: shown, place: wishes[name]?.file?.location, title: name))
        }
        let recordings = try Self.recordings(of: script, stage)
        let decoded = try own.map { try $0.sound.decoded(for: wishes[$0.name], in: stage) }
        let heard = try recordings.map { try $0.sound.decoded(for: nil, in: stage) }
        let (music, others) = (decoded.compactMap(\.self), heard.compactMap(\.self))
        guard let texts = try Self.texts(of: recordings.map(\.name), stage), music.count == own.count, others.count == recordings.count
        else { return nil }
        for (file, sound) in zip(music + others, own.map(\.sound) + recordings.map(\.sound)) { reasons[file.source] = sound.reasons }
        let replaced = Dictionary(zip(own.map(\.name), music)) { first, _ in first }
        (self.script, self.wishes, self.texts) = (script, wishes, texts)
        let places = Dictionary(voices.enumerated().map { ($1.line, $0) }) { first, _ in first }
        timed = Dictionary(times.compactMap { time in places[time.line].map { ($0, time.file) } }) { first, _ in first }
        files = voices.map(\.file) + used.map { replaced[$0.key] ?? $0.value } + others
        let first = voices.count + used.count
        self.recordings = Dictionary(recordings.enumerated().map { (Path($1.name), first + $0) }) { first, _ in first }
        sounds = Dictionary(used.enumerated().map { ($1.key, voices.count + $0) }) { first, _ in first }
    }

    /// True for what speaks lines. One that hands on nothing may be for any of them.
    private static func isSpeech(_ artifacts: StageArtifacts) -> Bool {
        let items = artifacts.items + artifacts.skipped
        return artifacts.isFanOut && !items.isEmpty && items.allSatisfy { $0.element?.value["speaker"] != nil }
    }

    /// Whether the mix reads a sound as it is. A person's file is what it holds, and not what it is called.
    private static func isWAV(_ file: ArtifactRef, _ stage: StageContext) throws -> Bool {
        guard file.fileExtension == "wav", case .file(let source) = file.source else { return file.fileExtension == "wav" }
        return WAVFile.isWAV(try stage.start(of: source, count: 12))
    }

    private static let wordsFile = "words.json"

    /// The files that a show or an episode names count before those of stages.
    /// - Throws: `Diagnostic` if there is no such file, or no sound of which something is said.
    private static func add(_ wishes: [String: SoundWish], to named: inout [String: ArtifactRef], _ stage: StageContext) throws {
        for wish in wishes.values.sorted(by: { $0.name < $1.name }) {
            if let file = wish.file {
                named[wish.name] = ArtifactRef(name: file.path, source: .file(try stage.showFile(file.path, at: file.location)))
            } else if wish.hasSettings, named[wish.name] == nil {
                throw Diagnostic(
                    .badInput, "there is no sound \"\(wish.name)\" of which this could be said", at: wish.location,
                    remedy: "give it a `file`, or name one of a stage. " + Suggestion.remedy(for: wish.name, in: named.keys.sorted()))
            }
        }
    }

    /// The files that the script plays, each once.
    /// - Throws: `DiagnosticList` with those that are not there.
    private static func recordings(of script: Script, _ stage: StageContext) throws -> [(name: String, sound: OwnSound)] {
        var (found, problems) = ([(name: String, sound: OwnSound)](), [Diagnostic]())
        for direction in script.directions {
            guard let name = direction.recording, !found.contains(where: { Path($0.name) == Path(name) }) else { continue }
            do {
                let file = try stage.showFile(name, at: direction.location)
                let sound = OwnSound(
                    file: ArtifactRef(name: name, source: .file(file)), shown: file.shown, place: direction.location,
                    title: "recording \(name)")
                found.append((name, sound))
            } catch let problem as Diagnostic {
                problems.append(problem)
            }
        }
        if !problems.isEmpty { throw DiagnosticList(problems) }
        return found
    }

    /// What is said in recordings: `interview.txt` beside `interview.mp3`.
    /// - Returns: nil if it is not known yet.
    private static func texts(of recordings: [String], _ stage: StageContext) throws -> [Path: String]? {
        var texts: [Path: String] = [:]
        for name in recordings {
            let path = (name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name) + ".txt"
            guard path != name, let file = try stage.homeFiles(path).first(where: { Path($0.path) == Path(path) })?.file else { continue }
            let text = try WrittenText.decode(stage.bytes(of: file), "what is said in \(name)", of: file.shown)
            texts[Path(name)] = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return texts
    }

    /// When the words of each line are heard, in seconds of its sound; nil until that is known.
    func words(_ stage: StageContext) throws -> [Int: [TimedWord]]? {
        let lines = timed.sorted { $0.key < $1.key }
        guard let texts = try stage.bytes(of: lines.map(\.value)) else { return nil }
        return Dictionary(zip(lines, texts).map { ($0.key, (Value(json: $1)?.list ?? []).compactMap(TimedWord.init)) }) { first, _ in first
        }
    }

    /// A sound is named by its file, without what tells its format. A stage that stands later has the last word.
    /// - Throws: `Diagnostic` if two files of one stage have one name.
    private static func add(
        _ files: [ArtifactRef], of stage: StageName, to named: inout [String: ArtifactRef], at location: SourceLocation
    ) throws(Diagnostic) {
        var own: [String: ArtifactRef] = [:]
        for file in files {
            guard let other = own.updateValue(file, forKey: file.stem) else { continue }
            throw Diagnostic(
                .badInput, "\(other.name) and \(file.name) of \(stage) are both the sound \"\(file.stem)\"", at: location,
                remedy: "give one of them another name")
        }
        named.merge(own) { $1 }
    }

    private static func check(_ script: Script, known: [String]) throws {
        let cues = script.cues.map { (name: $0.name, what: $0.kind == .music ? "music" : "effect", place: $0.location) }
        let wanted = cues + script.directions.compactMap { direction in direction.effect.map { ($0, "effect", direction.location) } }
        let problems = wanted.filter { !known.contains($0.name) }.map { sound in
            Diagnostic(
                .badInput, "there is no \(sound.what) \"\(sound.name)\"", at: sound.place,
                remedy: known.isEmpty ? noSounds(sound.what, sound.name) : Suggestion.remedy(for: sound.name, in: known))
        }
        if !problems.isEmpty { throw DiagnosticList(problems) }
    }

    /// How a show comes by its first sound.
    private static func noSounds(_ what: String, _ name: String) -> String {
        "write `sounds: { \(what == "music" ? what : "effects"): [ { name: \(name), file: … } ] }` in show.yaml, or have a stage of "
            + "`tool: synth` make it, and name that in `from` of the mix"
    }

    func timeline(_ measures: [LineMeasure], _ setting: Timeline.Setting, words: [Int: [TimedWord]], blueprint: Value) -> Timeline {
        let lines = Array(measures.prefix(script.lines.count))
        return Timeline(
            script, lines: lines, volumes: script.lines.map { min(20, max(-60, Manner($0.delivery, blueprint).volume)) },
            sounds: Dictionary(
                sounds.map { name, source in (name, Timeline.Sound(source: source, measure: levelled(measures[source], name))) }
            ) { first, _ in first },
            recordings: recordings.mapValues { Timeline.Sound(source: $0, measure: measures[$0]) }, texts: texts, words: words,
            setting: setting)
    }

    /// As loud as somebody wants it.
    private func levelled(_ measure: LineMeasure, _ name: String) -> LineMeasure {
        guard let level = wishes[name]?.levelDecibels, level != 0 else { return measure }
        return LineMeasure(
            start: measure.start, length: measure.length, gainDecibels: measure.gainDecibels + level, isSilent: measure.isSilent,
            isClipped: measure.isClipped)
    }
}
