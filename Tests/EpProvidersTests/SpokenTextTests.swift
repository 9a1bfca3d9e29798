import Testing

@testable import EpProviders

/// What of a line reaches a voice.
@Suite struct SpokenTextTests {
    @Test(arguments: [
        ("Zoë saw a café.", "Zoe saw a cafe."), ("Müller aß Äpfel", "Mueller ass Aepfel"), ("don’t “stop”", "don't \"stop\""),
        ("so…", "so..."),
        ("one—two", "one -- two"), ("one – two", "one -- two"), ("10–20", "10-20"), ("Łódź, Ðorđe, Œuvre, ﬁn", "Lodz, Dorde, OEuvre, fin"),
        ("20\u{A0}°C", "20  degrees C"), ("e\u{301}te\u{301}", "ete"), ("zero\u{200B}width", "zerowidth"), ("¿Qué?", " Que?"),
        ("plain, as it is", "plain, as it is"),
        ("ＡＢ", "AB"), ("ấm", "am"),
    ])
    func fliteGetsPlainLetters(_ text: String, _ spelled: String) throws {
        #expect(try FliteVoice().spelled(text) == spelled)
        #expect(try EspeakVoice().spelled(text) == text)
    }

    @Test(arguments: [
        ("Zoë saw Привет there", ["Привет"]), ("東京", ["東京"]), ("It costs 5 €.", ["€"]), ("Great 🎉!", ["🎉"]), ("½ a cup", ["½"]),
        ("see § 5 and α", ["§", "α"]),
        ("٣ men", ["٣"]),
    ])
    func whatFliteWouldLeaveOutIsNamed(_ text: String, _ words: [String]) throws {
        #expect(throws: SpokenText.Problem.words(words)) { try FliteVoice().spelled(text) }
        #expect(try EspeakVoice().spelled(text) == text)
    }

    @Test(arguments: ["...", "…", "🎉🎉", "—", "?!", "", "  ", "***", "[[]]", "\u{1}"])
    func aLineWithoutAWordIsAlikeToAllVoices(_ text: String) {
        for vendor in Vendors.shipped.voices { #expect(throws: SpokenText.Problem.nothing) { try vendor.spelled(text) } }
    }

    @Test(arguments: ["5", "&", "100 %", "Да", "a"])
    func aWordANumberOrASignWithANameIsEnough(_ text: String) throws {
        #expect(try EspeakVoice().spelled(text) == text)
    }

    @Test func espeakIsNotCommanded() throws {
        #expect(try EspeakVoice().spelled("Hi [[ there") == "Hi [ there")
        #expect(try EspeakVoice().spelled("[[[[a]] b [c]") == "[a]] b [c]")
        #expect(try EspeakVoice().spelled("Hi \u{1}50P there\tand\nthere") == "Hi  50P there\tand\nthere")
    }
}

/// The voices of espeak-ng, by the names that it takes.
@Suite struct EspeakVoicesTests {
    private let voices = EspeakVoices("""
        Pty Language       Age/Gender VoiceName          File                 Other Languages
         5  cmn             --/M      Chinese_(Mandarin,_latin_as_English) sit/cmn              (zh-cmn 5)(zh 5)
         2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
         5  en-gb-scotland  --/M      English_(Scotland) gmw/en-GB-scotland   (en 4)
        """)
    private let variants = "Pty Language Age/Gender VoiceName File\n 5  variant  --/M  Adam  !v/adam\n 5  variant  --/F  female3  !v/f3\n"

    @Test(arguments: ["en-gb", "EN-GB", "en", "zh", "English (Great Britain)", "gmw/en", "en-gb-scotland+f3", "en+adam", "en+3", "mb-en1"])
    func these(_ name: String) { #expect(voices.problem(of: name, variants: variants) == nil) }

    @Test(arguments: [
        ("en-gbb", "en-gbb", "did you mean \"en-gb\"?"), ("en-xx", "en-xx", "`espeak-ng --voices` lists them"),
        ("english", "english", "`espeak-ng --voices` lists them"),
        ("GMW/en", "GMW/en", "`espeak-ng --voices` lists them"), ("en+f33", "+f33", "did you mean \"f3\"?"),
        ("en+Adam", "+Adam", "did you mean \"adam\"?"), ("", "", "`espeak-ng --voices` lists them"),
    ])
    func notThese(_ name: String, _ unknown: String, _ remedy: String) {
        let problem = voices.problem(of: name, variants: variants)
        #expect(problem?.unknown == unknown && problem?.remedy == remedy, "\(String(describing: problem))")
    }
}
