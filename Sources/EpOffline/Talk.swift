/// The small things that people say between the facts. A show gives each character its own words for them
/// (`manner:` in `show.yaml`); what it does not give is taken from the lists below.
enum Talk: String, CaseIterable {
    /// On meeting: "Come in, Pip!"
    case greets
    /// A glance around, by the narrator, before a question is asked.
    case setsScene = "sets_scene"
    /// After the question of the episode was asked: "Let us find out."
    case promises
    /// Before the first words of an explanation.
    case starts
    /// After somebody else drew the right conclusion.
    case agrees
    /// After something astonishing.
    case marvels
    /// After an explanation.
    case understands
    /// To make somebody go on.
    case wonders
    /// Between a fact and its reason.
    case asksWhy = "asks_why"
    /// On hearing a new word, which stands for `{word}`.
    case triesWord = "tries_word"
    /// Before something to try out at home.
    case invites
    /// When it worked.
    case cheers
    /// Before the questions that sum up.
    case sumsUp = "sums_up"
    /// To the listener, before a question of the summing up.
    case asksListener = "asks_listener"
    case goodbye

    /// What anybody may say.
    var usual: [String] {
        switch self {
        case .setsScene: []
        case .greets: ["Hello there!"]
        case .promises: ["Let us find out."]
        case .starts: []
        case .agrees: ["Exactly.", "Yes, that is right.", "That is it.", "Just so."]
        case .marvels: ["Really?", "That is amazing.", "Imagine that!"]
        case .understands: ["Now I see.", "That makes sense.", "I never knew that."]
        case .wonders: ["And then?", "Go on.", "Tell me more."]
        case .asksWhy: ["Why?", "Why is that?", "How come?"]
        case .triesWord: ["{word}. I will remember that word.", "{word}. What a good word."]
        case .invites: ["Shall we try it?"]
        case .cheers: ["It works!"]
        case .sumsUp: ["Let us see what we found out today."]
        case .asksListener: ["Do you still know?"]
        case .goodbye: ["Goodbye!"]
        }
    }

    /// How many of them one scene may use. They are dealt out by the outline, so that nothing is said twice in an episode.
    func count(in kind: Beat.Kind) -> Int {
        switch (self, kind) {
        case (.agrees, .explain), (.agrees, .recap): 2
        case (.marvels, .explain), (.understands, .explain), (.wonders, .explain): 1
        case (.asksWhy, .explain), (.triesWord, .explain), (.starts, .explain), (.setsScene, .explain): 1
        case (.agrees, .tryOut), (.cheers, .tryOut), (.invites, .tryOut): 1
        case (.greets, .hello), (.promises, .hello): 1
        case (.sumsUp, .recap), (.asksListener, .recap), (.goodbye, .recap): 1
        default: 0
        }
    }
}
