public import EpCore

extension Script {
    /// Everything that was understood: title page, elements, lines, chapters, cues and directions. Every element has its kind, its
    /// text and its span (offsets into the file, the line and the column).
    public var value: Value {
        [
            "file": .string(file),
            "titlePage": .list(titlePage.map { entry in
                [
                    "key": .string(entry.key), "values": .list(entry.values.map(Value.string)), "span": entry.span.value,
                ]
            }),
            "elements": .list(elements.map(\.value)),
            "lines": .list(lines.map(\.value)),
            "chapters": .list(chapters.map(\.value)),
            "cues": .list(cues.map(\.value)),
            "directions": .list(directions.map(\.value)),
        ]
    }
}

extension Element {
    var value: Value {
        var members: [Value.Member] = [.init("kind", .string(kind.name)), .init("text", .string(text))]
        if markup != text, !kind.isMark { members.append(.init("markup", .string(markup))) }
        switch kind {
        case .sceneHeading(let number?): members.append(.init("number", .string(number)))
        case .section(let level): members.append(.init("level", .int(Int64(level))))
        case .character(let isDual):
            members.append(.init("speaker", .string(CharacterName.speaker(of: text))))
            if isDual { members.append(.init("dual", true)) }
        case .lyrics(let inSpeech): members.append(.init("inSpeech", .bool(inSpeech)))
        default: break
        }
        if isInline { members.append(.init("inline", true)) }
        members.append(.init("span", span.value))
        return .object(members)
    }
}

extension SourceSpan {
    var value: Value {
        [
            "start": .int(Int64(bytes.lowerBound)), "end": .int(Int64(bytes.upperBound)),
            "line": .int(Int64(line)), "column": .int(Int64(column)),
        ]
    }
}

extension Line {
    var value: Value {
        var members: [Value.Member] = [
            .init("speaker", .string(speaker)), .init("delivery", .string(delivery)), .init("text", .string(text)),
            .init("dual", .bool(isDual)), .init("line", .int(Int64(location.line))), .init("column", .int(Int64(location.column))),
        ]
        if !stressed.isEmpty { members.append(.init("stressed", .list(stressed.map { .int(Int64($0)) }))) }
        return .object(members)
    }
}

extension Chapter {
    var value: Value {
        [
            "title": .string(title), "firstLine": .int(Int64(lines.lowerBound)), "lines": .int(Int64(lines.count)),
            "line": .int(Int64(location.line)),
        ]
    }
}

extension Cue {
    var value: Value {
        [
            "kind": .string(kind.rawValue), "name": .string(name), "beforeLine": .int(Int64(beforeLine)),
            "line": .int(Int64(location.line)),
        ]
    }
}

extension Direction {
    var value: Value {
        let what: [Value.Member] = switch kind {
        case .pause(let milliseconds): [.init("kind", "pause"), .init("milliseconds", .int(Int64(milliseconds)))]
        case .effect(let name): [.init("kind", "effect"), .init("name", .string(name))]
        case .recording(let file): [.init("kind", "recording"), .init("file", .string(file))]
        }
        return .object(what + [
            .init("inLine", .int(Int64(line))), .init("wordsBefore", .int(Int64(word))), .init("line", .int(Int64(location.line))),
            .init("column", .int(Int64(location.column))),
        ])
    }
}

extension ScriptReport {
    /// The report for programs; `script.value` has the elements.
    public var value: Value {
        [
            "file": .string(script.file),
            "lines": .int(Int64(script.lines.count)),
            "words": .int(Int64(words)),
            "seconds": .double((seconds * 10).rounded() / 10),
            "cast": .list(cast.map {
                ["name": .string($0.name), "lines": .int(Int64($0.lines)), "words": .int(Int64($0.words))]
            }),
            "chapters": .list(script.chapters.map { chapter in
                [
                    "title": .string(chapter.title), "lines": .int(Int64(chapter.lines.count)),
                    "startSeconds": .double((seconds(before: chapter.lines.lowerBound) * 10).rounded() / 10),
                ]
            }),
            "warnings": .list(findings.map(Self.value)),
        ]
    }

    private static func value(of warning: Diagnostic) -> Value {
        [
            "message": .string(warning.message), "line": .int(Int64(warning.location?.line ?? 0)),
            "column": .int(Int64(warning.location?.column ?? 0)), "remedy": warning.remedy.map(Value.string) ?? .null,
        ]
    }
}
