import EpCore
import EpSound
import Synchronization

/// Short sounds as the mix reads them, at its rate: what is heard around an edit is read by each step that has to do with it, and to
/// bring it to that rate takes longest of all.
///
/// Nothing is kept before somebody asks for it: a build of a whole episode reads far more than there is room for.
public final class KnownSounds: Sendable {
    public static let shared = KnownSounds()

    private struct State {
        var sounds: [Digest: PCM] = [:]
        /// The one that was read last stands last.
        var order: [Digest] = []
        var samples = 0
        /// How many samples are kept.
        var most = 0
    }

    private let state = Mutex(State())
    /// Some minutes, of 24 MB.
    private static let most = 6 << 20

    /// From now on, sounds are kept.
    public func keep() { state.withLock { $0.most = Self.most } }

    /// Reads a sound that is going to be heard. What is wrong with it shows then.
    public func prepare(_ bytes: [UInt8]) { _ = try? stream(bytes, named: "sound") }

    /// - Throws: `badInput` if the bytes are no WAV file.
    func stream(_ bytes: any RandomAccessBytes, named name: String) throws -> SoundStream {
        guard let digest = digest(of: bytes) else { return SoundStream(try WAVFile(bytes, named: name)) }
        if let known = find(digest) { return SoundStream(known) }
        let stream = SoundStream(try WAVFile(bytes, named: name))
        try note(stream, of: digest)
        return stream
    }

    /// Keeps what somebody else has read of a sound.
    func note(_ stream: SoundStream, of bytes: any RandomAccessBytes) throws {
        if let digest = digest(of: bytes) { try note(stream, of: digest) }
    }

    /// Nil for a file that is not in memory, and while nothing is kept.
    private func digest(of bytes: any RandomAccessBytes) -> Digest? {
        guard let bytes = bytes as? [UInt8], state.withLock({ $0.most > 0 }) else { return nil }
        return Digest(of: bytes)
    }

    private func find(_ digest: Digest) -> PCM? {
        state.withLock { state in
            guard let sound = state.sounds[digest] else { return nil }
            state.order.removeAll { $0 == digest }
            state.order.append(digest)
            return sound
        }
    }

    private func note(_ stream: SoundStream, of digest: Digest) throws {
        guard let sound = try stream.whole() else { return }
        state.withLock { state in
            guard state.sounds.updateValue(sound, forKey: digest) == nil else { return }
            state.order.append(digest)
            state.samples += Self.samples(sound)
            while state.samples > state.most, state.order.count > 1 {
                state.samples -= state.sounds.removeValue(forKey: state.order.removeFirst()).map(Self.samples) ?? 0
            }
        }
    }

    private static func samples(_ sound: PCM) -> Int { sound.count * sound.channels.count }
}
