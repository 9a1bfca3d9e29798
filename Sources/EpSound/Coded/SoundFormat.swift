/// What a sound's first bytes say that it is. Names and types of files say it less surely.
public enum SoundFormat: String, Sendable, CaseIterable {
    case wav = "WAV"
    case mp3 = "MP3"
    case flac = "FLAC"
    case opus = "Opus"
    case vorbis = "Ogg Vorbis"
    case mp4 = "M4A"

    /// - Returns: nil for what is no sound that anybody would know by its beginning.
    public static func of(_ bytes: some Collection<UInt8>) -> SoundFormat? {
        let start = Array(bytes.prefix(64))
        func has(_ word: StaticString, at offset: Int) -> Bool {
            word.withUTF8Buffer { offset + $0.count <= start.count && start[offset..<offset + $0.count].elementsEqual($0) }
        }
        if has("RIFF", at: 0) || has("RF64", at: 0) || has("BW64", at: 0) { return .wav }
        if has("fLaC", at: 0) { return .flac }
        if has("OggS", at: 0) {
            return has("OpusHead", at: 28) ? .opus : has("vorbis", at: 29) ? .vorbis : has("FLAC", at: 29) ? .flac : nil
        }
        if has("ftyp", at: 4) { return .mp4 }
        if has("ID3", at: 0) { return .mp3 }
        // Eleven bits of sync, any version, layer III.
        return start.count > 1 && start[0] == 0xFF && start[1] & 0xE6 == 0xE2 ? .mp3 : nil
    }
}
