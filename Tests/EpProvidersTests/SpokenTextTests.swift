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
        ("ấm", "am"),
    ])
    func fliteGetsPlainLetters(_ text: String, _ spelled: String) throws {
        #expect(try FliteVoice().spelled(text, voice: "en-gb") == spelled)
        #expect(try EspeakVoice().spelled(text, voice: "en-gb") == text)
    }

    @Test func lettersOfFullWidthArePlain() throws {
        for vendor in [FliteVoice(), EspeakVoice()] as [any VoiceVendor] { #expect(try vendor.spelled("ＡＢ", voice: "") == "AB") }
    }

    @Test(arguments: [
        ("Zoë saw Привет there", ["Привет"]), ("東京", ["東京"]), ("It costs 5 €.", ["€"]), ("Great 🎉!", ["🎉"]), ("½ a cup", ["½"]),
        ("see § 5 and α", ["§", "α"]),
    ])
    func whatFliteWouldLeaveOutIsNamed(_ text: String, _ words: [String]) throws {
        #expect(throws: SpokenText.Problem.words(words)) { try FliteVoice().spelled(text, voice: "en-gb") }
        #expect(try EspeakVoice().spelled(text, voice: "en-gb") == text)
    }

    /// Digits of other scripts, letters of full width and those of mathematics are what they look like; espeak-ng would leave out the digits.
    @Test(arguments: [
        ("٣ men, ３ women", "3 men, 3 women"), ("Ｈｅｌｌｏ！ ＄５", "Hello! $5"), ("step ② of 𝟏𝟎", "step  2  of 10"), ("𝐇𝐞𝐥𝐥𝐨 𝒙", "Hello x"),
        ("½ cup at 20 °C for 5 €, H₂O and x², 3 × 4 − 5 = 7 %", "½ cup at 20 °C for 5 €, H₂O and x², 3 × 4 − 5 = 7 %"),
        ("-> there <tag>, Привет 東京 🎉", "-> there <tag>, Привет 東京 🎉"),
    ])
    func espeakGetsDigitsAndLettersThatItKnows(_ text: String, _ spelled: String) throws {
        #expect(try EspeakVoice().spelled(text, voice: "en-gb") == spelled)
    }

    /// Programs take the thousands of a number for numbers of their own where a no-break space or an apostrophe stands before them.
    @Test(arguments: [
        ("12\u{A0}500 km", "12500 km"), ("1\u{202F}234\u{202F}567,8 m", "1234567,8 m"), ("12'500, 1’000’000", "12500, 1000000"),
        ("5'11, 12\u{A0}50, 1999\u{A0}500, 5\u{A0}km", "5'11, 12\u{A0}50, 1999\u{A0}500, 5\u{A0}km"), ("030\u{A0}123", "030\u{A0}123"),
        ("don't, the '90s, 12\u{A0}5000", "don't, the '90s, 12\u{A0}5000"), ("1\u{A0}234'567", "1234'567"),
    ])
    func numbersAreWhole(_ text: String, _ spelled: String) throws {
        #expect(try EspeakVoice().spelled(text, voice: "de") == spelled)
        #expect(try FliteVoice().spelled("12\u{A0}500 km", voice: "slt") == "12500 km")
        #expect(try InstalledVoice.piper().spelled(text, voice: "") == spelled)
    }

    @Test(arguments: [
        ("⅞ of a cup", "en-gb", ["⅞"]), ("It costs 5 ₽, or ₺20.", "en-us", ["₽", "₺20"]), ("5‰", "de", ["5‰"]), ("5 < 6, 7 >= 6", "en-gb", ["<", ">="]),
        ("A ⇒ B", "en", ["⇒"]), ("Всего 5 €, 20 °C.", "ru", ["€", "°C"]), ("3 × 4", "gmw/nl", ["×"]), ("a = b", "fr-fr+f3", ["="]),
        ("3 ÷ 4", "mb-it3", ["÷"]), ("−5", "pt-br", ["−5"]),
    ])
    func whatEspeakWouldLeaveOutIsNamed(_ text: String, _ voice: String, _ words: [String]) throws {
        #expect(throws: SpokenText.Problem.words(words)) { try EspeakVoice().spelled(text, voice: voice) }
        #expect(throws: Never.self) { try EspeakVoice().spelled("3 × 4 = 12 €, −5 °C", voice: "de") }
    }

    @Test func fliteSaysNoComparison() throws {
        #expect(throws: SpokenText.Problem.words(["<"])) { try FliteVoice().spelled("5 < 6", voice: "slt") }
    }

    @Test(arguments: ["...", "…", "🎉🎉", "—", "?!", "", "  ", "***", "[[]]", "\u{1}"])
    func aLineWithoutAWordIsAlikeToAllVoices(_ text: String) {
        for vendor in Vendors.shipped.voices { #expect(throws: SpokenText.Problem.nothing) { try vendor.spelled(text, voice: "en-gb") } }
    }

    @Test(arguments: ["5", "&", "100 %", "Да", "a"])
    func aWordANumberOrASignWithANameIsEnough(_ text: String) throws {
        #expect(try EspeakVoice().spelled(text, voice: "en-gb") == text)
    }

    @Test func espeakIsNotCommanded() throws {
        #expect(try EspeakVoice().spelled("Hi [[ there", voice: "en-gb") == "Hi [ there")
        #expect(try EspeakVoice().spelled("[[[[a]] b [c]", voice: "en-gb") == "[a]] b [c]")
        #expect(try EspeakVoice().spelled("Hi \u{1}50P there\tand\nthere", voice: "en-gb") == "Hi  50P there\tand\nthere")
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
