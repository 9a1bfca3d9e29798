import EpCards
import EpCore
import EpPlan

/// The colours of a card: of the look that its item lies in, else of the stage, else of the show.
struct CardLooks {
    private let stage: StageContext
    private let settings: CardSettings

    init(_ stage: StageContext, _ settings: CardSettings) { (self.stage, self.settings) = (stage, settings) }

    private struct Given {
        let value: Value
        let location: SourceLocation?
    }

    /// - Parameter place: of the item.
    func look(at place: SourceLocation?) throws -> CardLook {
        let given = try given("look")
        var look = try described(given, at: place)
        if let accent = try element(called: "accent") ?? own(given, "accent") ?? written("accent") ?? shown("accent") {
            look.accent = try colour(accent, "accent")
        }
        if let background = try own(given, "background") ?? written("background") {
            let colour = try colour(background, "background")
            // Ink that nobody has asked for is such that it can be read.
            if CardLook(named: "light").map({ $0.ink.contrast(to: colour) < 4.5 }) ?? false, let dark = CardLook(named: "dark") {
                look.ink = dark.ink
            }
            look.background = colour
        }
        if let ink = try own(given, "ink") ?? written("ink") { look.ink = try colour(ink, "ink") }
        if look.ink.contrast(to: look.background) < 3 {
            stage.warn(
                "the letters of this card (\(look.ink.hex)) can hardly be told from what is behind them (\(look.background.hex))",
                at: given?.location ?? settings.location, remedy: "choose colours that differ more: `ink` and `background`")
        }
        return look
    }

    private func described(_ given: Given?, at place: SourceLocation?) throws -> CardLook {
        let name = given.flatMap { $0.value.letters ?? $0.value["name"]?.letters ?? $0.value["id"]?.letters } ?? "light"
        if let look = CardLook(named: name) { return look }
        if let members = given?.value.members, members.contains(where: { Self.colours.contains($0.key) }),
            let light = CardLook(named: "light")
        {
            return light
        }
        throw Diagnostic(
            .badInput, "there is no look \"\(name)\", and nothing says what it looks like", at: given?.location ?? place,
            remedy:
                "write `light` or `dark`, or describe it: `{ name: \(name), background: \"#fbfaf6\", ink: \"#1b222c\", accent: \"#2563c9\" "
                    + "}`"
        )
    }

    private static let colours = ["background", "ink", "accent"]

    /// What an element of that name is, else what the stage says.
    private func given(_ key: String) throws -> Given? { try element(called: key) ?? written(key) }

    private func element(called name: String) throws -> Given? {
        guard let element = try stage.element(called: name), element.files.isEmpty else { return nil }
        return Given(value: element.subject, location: element.location)
    }

    private func written(_ key: String) throws -> Given? {
        try settings.value(key, in: stage).map { Given(value: .string($0), location: settings[key]?.location) }
    }

    private func shown(_ key: String) throws -> Given? {
        guard let value = stage.blueprint[key], value.letters != nil else { return nil }
        return Given(value: value, location: stage.show.node[key]?.location)
    }

    private func own(_ look: Given?, _ key: String) -> Given? { look?.value[key].map { Given(value: $0, location: look?.location) } }

    private func colour(_ given: Given, _ key: String) throws -> CardColour {
        let text = given.value.letters ?? (given.value["colour"] ?? given.value["accent"])?.letters ?? given.value.json()
        guard let colour = CardColour(hex: text) else {
            throw Diagnostic(
                .badInput, "`\(key)` is no colour: \(text.prefix(40))", at: given.location,
                remedy: "write six hexadecimal digits in quotes, such as \"#2563c9\"")
        }
        return colour
    }
}
