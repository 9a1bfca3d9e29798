extension NarrationWords {
    static let english = NarrationWords(
        language: Language(small: [
            "the", "a", "an", "it", "its", "this", "that", "these", "those", "there", "they", "you", "your", "we", "our",
            "in", "on", "at", "when", "if", "some", "each", "every", "two", "three", "one",
        ]),
        beginnings: ["Let us find out.", "Let us take a closer look.", "That is what this is about."],
        leads: ["Now for {topic}.", "The next thing to look at: {topic}.", "That brings us to {topic}."],
        counted: ["There are {count} things to know.", "{count} things matter here.", "It comes down to {count} points."],
        shortLists: ["That means {list}.", "They are {list}.", "These are {list}."],
        quoting: ["As {by} puts it:", "This is how {by} puts it:", "{by} says it like this:"],
        ordinals: ["First,", "Second,", "Third,", "Fourth,", "Fifth,", "Sixth,"], lastly: "And finally,", and: "and",
        numbers: ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        leaning: [
            "it", "they", "this", "that", "these", "those", "so", "but", "then", "and", "because", "its", "their", "he", "she", "there",
            "here", "now", "both",
        ],
        sayings: [
            ("e.g.", "for example"), ("i.e.", "that is"), ("approx.", "about"), (" vs. ", " versus "), (" & ", " and "), ("%", " percent"),
            ("km/h", "kilometres an hour"), (" × ", " times "), (" = ", " is "), ("°C", " degrees Celsius"), (" – ", ", "), (" — ", ", "),
            ("½", "one half"), ("¼", "a quarter"),
        ],
        units: ["km": "kilometres", "m": "metres", "cm": "centimetres", "mm": "millimetres", "kg": "kilograms", "g": "grams", "h": "hours",
            "min": "minutes", "s": "seconds", "t": "tonnes"],
        to: "to")

    static let german = NarrationWords(
        language: Language(small: [
            "der", "die", "das", "den", "dem", "ein", "eine", "einen", "es", "er", "sie", "wir", "man", "dieser", "diese",
            "dieses", "im", "in", "an", "auf", "wenn", "bei", "zwei", "drei", "jede", "jeder", "jedes", "manche",
        ]),
        beginnings: ["Sehen wir es uns an.", "Schauen wir genauer hin.", "Darum geht es jetzt."],
        leads: ["Nun zu diesem Punkt: {topic}.", "Als Nächstes: {topic}.", "Damit sind wir beim nächsten Thema: {topic}."],
        counted: ["Dazu muss man {count} Dinge wissen.", "Hier zählen {count} Dinge.", "Es kommt auf {count} Punkte an."],
        shortLists: ["Das sind {list}.", "Gemeint sind {list}.", "Dazu gehören {list}."],
        quoting: ["{by} sagt es so:", "So drückt es {by} aus:"],
        ordinals: ["Erstens:", "Zweitens:", "Drittens:", "Viertens:", "Fünftens:", "Sechstens:"], lastly: "Und schließlich:", and: "und",
        numbers: ["keine", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"],
        leaning: [
            "er", "sie", "es", "das", "dies", "diese", "dieser", "dann", "aber", "und", "deshalb", "darum", "so", "denn", "dort", "hier",
            "dabei", "also", "beide",
        ],
        sayings: [
            ("z. B.", "zum Beispiel"), ("z.B.", "zum Beispiel"), ("d. h.", "das heißt"), ("d.h.", "das heißt"), ("bzw.", "beziehungsweise"),
            ("ca.", "etwa"),
            (" & ", " und "), ("%", " Prozent"), ("km/h", "Kilometer in der Stunde"), (" × ", " mal "), (" = ", " ist "),
            ("°C", " Grad Celsius"),
            (" – ", ", "), (" — ", ", "),
            ("½", "einhalb"), ("¼", "ein Viertel"),
        ],
        units: ["km": "Kilometer", "m": "Meter", "cm": "Zentimeter", "mm": "Millimeter", "kg": "Kilogramm", "g": "Gramm", "h": "Stunden",
            "min": "Minuten", "s": "Sekunden", "t": "Tonnen"],
        to: "bis")

    static let spanish = NarrationWords(
        language: Language(small: [
            "el", "la", "los", "las", "un", "una", "unos", "unas", "esto", "este", "esta", "estos", "en", "cuando", "si",
            "hay", "cada", "dos", "tres", "algunos", "su", "sus",
        ]),
        beginnings: ["Veámoslo.", "Vamos a verlo de cerca.", "De eso se trata aquí."],
        leads: ["Veamos ahora este punto: {topic}.", "Lo siguiente: {topic}.", "Así llegamos a este tema: {topic}."],
        counted: ["Hay {count} cosas que conviene saber.", "Aquí importan {count} cosas.", "Todo se resume en {count} puntos."],
        shortLists: ["Son {list}.", "Se trata de {list}.", "Hablamos de {list}."],
        quoting: ["Así lo dice {by}:", "Así lo expresa {by}:", "{by} lo dice así:"],
        ordinals: ["Primero,", "Segundo,", "Tercero,", "Cuarto,", "Quinto,", "Sexto,"], lastly: "Y por último,", and: "y",
        numbers: ["ninguna", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"],
        leaning: [
            "él", "ella", "ellos", "eso", "esto", "esta", "este", "entonces", "pero", "y", "por", "así", "porque", "allí", "aquí", "ahora",
            "ambos", "lo",
        ],
        sayings: [
            ("p. ej.", "por ejemplo"), ("p.ej.", "por ejemplo"), ("aprox.", "aproximadamente"), (" & ", " y "), ("%", " por ciento"),
            ("km/h", "kilómetros por hora"), (" × ", " por "), (" = ", " es "), ("°C", " grados Celsius"), (" – ", ", "), (" — ", ", "),
            (
                "½",
                "medio"
            ), ("¼", "un cuarto"),
        ],
        units: [
            "km": "kilómetros", "m": "metros", "cm": "centímetros", "mm": "milímetros", "kg": "kilogramos", "g": "gramos", "h": "horas",
            "min": "minutos", "s": "segundos", "t": "toneladas",
        ],
        to: "a")
}
