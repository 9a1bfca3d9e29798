/// Why there is no picture of a card.
public enum CardProblem: Error, Hashable, Sendable {
    /// A library of this name is not on the machine, or lacks a function.
    case noLibrary(String)
    case noMemory
    case badFont(String)
    case badImage
    /// Letters that none of the fonts has.
    case unknownLetters(String)
    /// It does not fit, however small it is set.
    case tooLong(characters: Int)

    public var message: String {
        switch self {
        case .noLibrary(let name): "\(name) is missing, which draws cards: apt-get install libpangocairo-1.0-0"
        case .noMemory: "there is no memory for the picture"
        case .badFont(let path): "\(path) is no font that can be read"
        case .badImage: "the picture cannot be read: a card shows PNG files"
        case .unknownLetters(let letters): "no font has \(letters): give one that has it by `fonts` of `card`, or write it otherwise"
        case .tooLong(let count):
            "\(count) characters do not fit on a card, however small they are set: shorten them, or make two scenes of it"
        }
    }
}
