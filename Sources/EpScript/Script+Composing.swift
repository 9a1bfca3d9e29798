extension Script {
    /// Fountain text of a script that is made rather than read, forcing a kind only where the text alone would be read as another.
    /// - Parameters:
    ///   - titlePage: keys without colons, and their values.
    ///   - elements: in order, with their text as it is written in Fountain without the marks that tell its kind; a note has its brackets.
    public static func fountain(
        titlePage: [(key: String, values: [String])], _ elements: [(kind: Element.Kind, text: String)]
    ) -> String {
        let nowhere = SourceSpan(bytes: 0..<0, line: 0, column: 0)
        return fountain(
            titlePage: titlePage.map { TitlePageEntry(key: $0.key, values: $0.values, span: nowhere) },
            elements: elements.map { Element($0.kind, text: $0.text, span: nowhere) }, elementsAboveTitlePage: 0)
    }
}
