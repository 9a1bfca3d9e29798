import EpCore
import EpPlan
import EpSound

/// What a stage of the mix may say.
struct MixSetting {
    private(set) var timeline = Timeline.Setting()
    let targetLoudness: Double
    let bitrate: Int

    /// Those that say where and how loud everything is heard.
    static let timelineKeys = [
        "gap_seconds", "turn_gap_seconds", "chapter_gap_seconds", "overlap_seconds", "ducking_db", "lead_db", "fade_seconds", "bed_seconds",
        "room_tone_db",
    ]

    /// - Throws: `DiagnosticList` with all mistakes.
    init(_ stage: StageContext) throws {
        var fields = try stage.fields()
        timeline.gapSeconds = fields.number("gap_seconds", in: 0.2...10) ?? timeline.gapSeconds
        timeline.turnGapSeconds = fields.number("turn_gap_seconds", in: 0.2...10) ?? timeline.turnGapSeconds
        timeline.chapterGapSeconds = fields.number("chapter_gap_seconds", in: 0.2...60) ?? timeline.chapterGapSeconds
        timeline.overlapSeconds = fields.number("overlap_seconds", in: 0...30) ?? timeline.overlapSeconds
        timeline.duckingDecibels = fields.number("ducking_db", in: -60...0) ?? timeline.duckingDecibels
        timeline.leadDecibels = fields.number("lead_db", in: -60...0) ?? timeline.leadDecibels
        timeline.fadeSeconds = fields.number("fade_seconds", in: 0...30) ?? timeline.fadeSeconds
        timeline.bedSeconds = fields.number("bed_seconds", in: 0...36_000) ?? timeline.bedSeconds
        timeline.roomToneDecibels = fields.number("room_tone_db", in: Decibels.silence ... -40) ?? timeline.roomToneDecibels
        targetLoudness = fields.number("loudness_lufs", in: -30 ... -14, unit: "LUFS") ?? LineMeasure.targetLoudness
        bitrate = fields.int("bitrate_kbps", oneOf: MP3.deliveredBitrates) ?? 192
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }
}
