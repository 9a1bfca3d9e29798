/// The words by which epbuild is begun anew to tell when the words of a line are heard, and the files of the directory in which it does.
public enum WordsCommand {
    public static let word = "--tell-words"
    public static let text = "line.txt"
    /// The same as espeak-ng was given it, where words of it stand out: SSML. Otherwise it is not there.
    public static let markup = "line.ssml"
    public static let sound = "line.wav"
    public static let voice = "voice.json"
    public static let words = "words.json"
}
