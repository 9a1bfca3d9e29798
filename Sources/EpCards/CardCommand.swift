/// The words by which epbuild is begun anew to draw a card, and the files of the directory in which it does.
public enum CardCommand {
    public static let word = "--draw-card"
    public static let card = "card.json"
    public static let image = "image.png"
    /// A directory.
    public static let fonts = "fonts"
    public static let picture = "picture.png"
}
