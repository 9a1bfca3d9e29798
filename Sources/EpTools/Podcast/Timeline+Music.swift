import EpSound

extension Timeline {
    /// Music, and how it goes with what is said.
    struct Music {
        enum Role {
            /// Again and again under what is said, from the beginning of a chapter.
            case bed(leadIn: Int)
            /// By itself; the samples that it shares with what is said before and after.
            case alone(leadIn: Int, leadOut: Int)
        }

        let sound: Sound
        var range: Range<Int>
        let role: Role
    }
}

extension Timeline.Music {
    /// How quickly music gets softer for speech, and louder after it.
    private static let ramp = PCM.timelineRate / 2
    /// Music that nobody has faded in or out does not click.
    private static let shortest = PCM.timelineRate / 100

    /// As it is rendered.
    func bed(under speech: [Range<Int>], _ setting: Timeline.Setting) -> MixWindow.Bed {
        switch role {
        case .bed(let leadIn):
            return bed(
                isLooping: true, fades: .fading(range, in: leadIn, out: Timeline.samples(setting.fadeSeconds)),
                ducking: ducking(at: speech.first { $0.upperBound > range.lowerBound }?.lowerBound, setting))
        case .alone(let leadIn, let leadOut):
            return bed(
                isLooping: false, fades: .fading(range, in: max(leadIn, Self.shortest), out: max(leadOut, Self.shortest)),
                ducking: lead(leadIn, leadOut, setting.leadDecibels))
        }
    }

    private func bed(isLooping: Bool, fades: Envelope, ducking: Envelope) -> MixWindow.Bed {
        // A loop begins with its first sample, other music where it is first heard.
        let (start, length) = (sound.measure.start, sound.measure.length)
        return MixWindow.Bed(
            source: sound.source, position: (isLooping ? 0 : start) - range.lowerBound, length: isLooping ? length : start + length,
            isLooping: isLooping,
            levelDecibels: sound.measure.gainDecibels, fades: fades, ducking: ducking)
    }

    /// Softer as soon as somebody speaks, and so in the pauses after that.
    private func ducking(at speech: Int?, _ setting: Timeline.Setting) -> Envelope {
        guard let speech, speech > range.lowerBound else {
            return Envelope([.init(at: range.lowerBound, decibels: speech == nil ? setting.leadDecibels : setting.duckingDecibels)])
        }
        let start = speech - min(Self.ramp, (speech - range.lowerBound) / 2)
        return Envelope([.init(at: start, decibels: setting.leadDecibels), .init(at: speech, decibels: setting.duckingDecibels)])
    }

    /// Softer where it is heard together with speech.
    private func lead(_ leadIn: Int, _ leadOut: Int, _ decibels: Double) -> Envelope {
        let ramp = min(Self.ramp, (range.count - leadIn - leadOut) / 2)
        let (first, last) = (range.lowerBound + leadIn, range.upperBound - leadOut)
        let rising: [Envelope.Point] = leadIn > 0 ? [.init(at: first, decibels: decibels), .init(at: first + ramp, decibels: 0)] : []
        let falling: [Envelope.Point] = leadOut > 0 ? [.init(at: last - ramp, decibels: 0), .init(at: last, decibels: decibels)] : []
        return Envelope(rising + falling)
    }
}
