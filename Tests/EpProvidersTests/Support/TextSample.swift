/// Texts of several kinds, of which tokens are counted.
enum TextSample {
    static let german = """
        Die Bienen fliegen heim, bevor es Abend wird, und bringen den Honig der Linden mit. So haben sie es jeden Sommer ihres \
        Lebens getan. Im Stock ist es warm und dunkel, und die anderen warten auf das, was sie tragen. Dann werden die Türen \
        geschlossen, und die Nacht beginnt für alle, die im Garten leben.
        Eine Rakete braucht keinen Boden, von dem sie sich abstoßen könnte. Sie wirft heißes Gas nach hinten und wird dadurch \
        selbst nach vorne geschoben; das hat Isaac Newton vor mehr als dreihundert Jahren aufgeschrieben. Je schneller das Gas \
        ausströmt, desto stärker ist der Schub. Deshalb fliegt ein Luftballon, den man loslässt, quer durch das Zimmer, bis er \
        leer ist.
        Schreibe ein Gespräch zwischen Oliver und Pip über die Frage, warum der Himmel blau ist. Oliver weiß viel und erklärt \
        geduldig, Pip ist neugierig und fragt nach. Verwende kurze Sätze, die ein Kind von acht Jahren versteht, und erfinde \
        nichts, was nicht in den Quellen steht.

        """
    static let german2 = """
        Wer an einem Herbstmorgen durch den Wald geht, hört zuerst die Vögel und dann den Wind in den Blättern. Auf dem Weg \
        liegen Eicheln und Bucheckern, und hinter den Stämmen huscht ein Eichhörnchen vorbei, das seine Vorräte vergräbt. Im \
        Winter wird es die Hälfte davon nicht wiederfinden, und so wächst aus mancher vergessenen Nuss ein neuer Baum. Die \
        Förster nennen das Hähersaat, weil auch der Eichelhäher auf diese Weise ganze Wälder pflanzt.
        Frage: Warum fallen die Blätter im Herbst? Antwort: Der Baum zieht die wertvollen Stoffe aus ihnen zurück und \
        verschließt die Stelle, an der der Stiel sitzt, mit einer Schicht aus Kork. Danach genügt ein leichter Windstoß. Ohne \
        Blätter verdunstet er im Winter kein Wasser, das er aus dem gefrorenen Boden nicht ersetzen könnte.

        """
    static let german3 = """
        Schreibe die dritte Szene des Hörspiels. Sie spielt in der Werkstatt von Oliver, kurz nach dem Mittagessen. PIP kommt \
        herein und trägt einen Eimer Wasser, OLIVER sitzt an der Werkbank und feilt an einem Zahnrad. Beide sollen jeweils \
        höchstens vier Sätze sagen. Erkläre, warum ein Zahnrad mit vierzig Zähnen sich halb so schnell dreht wie eines mit \
        zwanzig, wenn sie ineinandergreifen. Gib nur den Text im Format Fountain aus, ohne Überschrift und ohne Kommentar. \
        Achte darauf, dass keine Fachwörter vorkommen, die vorher nicht erklärt wurden: Übersetzungsverhältnis, Drehmoment, \
        Wirkungsgrad.

        """
    static let french = """
        Les abeilles rentrent à la maison avant le soir et rapportent le miel des tilleuls. Elles ont fait cela chaque été de \
        leur vie. Dans la ruche il fait chaud et sombre, et les autres attendent ce qu'elles portent. Puis les portes se \
        ferment et la nuit commence pour tous ceux qui vivent dans le jardin. Le professeur expliqua que la fusée n'a pas \
        besoin de sol pour se pousser : elle jette du gaz chaud vers l'arrière, et c'est pourquoi elle avance.

        """
    static let spanish = """
        Las abejas vuelven a casa antes de que llegue la noche y traen la miel de los tilos. Así lo han hecho cada verano de su \
        vida. En la colmena hace calor y está oscuro, y las demás esperan lo que traen. Luego se cierran las puertas y empieza \
        la noche para todos los que viven en el jardín. El maestro explicó que un cohete no necesita suelo para empujarse: \
        lanza gas caliente hacia atrás, y por eso avanza.

        """
    static let russian = """
        Пчёлы летят домой до наступления вечера и несут мёд с лип. Так они делали каждое лето своей жизни. В улье тепло и \
        темно, и остальные ждут того, что они принесут. Потом двери закрываются, и начинается ночь.

        """
    static let json = """
        {"title": "How Rockets Work", "number": 1, "beats": [{"id": "opening", "seconds": 45.5, "speaker": "OLIVER", "text": \
        "Good morning, everybody. Today we are going to build a rocket out of a balloon."}, {"id": "experiment", "seconds": \
        120, "speaker": "PIP", "text": "Why does it fly? There is nothing that it could push against!"}], "keywords": \
        ["rocket", "balloon", "thrust"], "isExplicit": false, "published": "2026-11-25T12:00:00Z"}

        """
    static let schema = """
        {
          "type": "object",
          "required": ["title", "scenes"],
          "additionalProperties": false,
          "properties": {
            "title": { "type": "string", "minLength": 1 },
            "scenes": {
              "type": "array",
              "minItems": 1,
              "items": {
                "type": "object",
                "required": ["id", "narration"],
                "properties": { "id": { "type": "string" }, "narration": { "type": "string" }, "seconds": { "type": "number", \
        "minimum": 0.5 } }
              }
            }
          }
        }

        """
}
