import EpCore
import EpImport
import EpPlan

/// Reads a list of scenes as a person or a program has written it, with every mistake at its place.
///
/// `docs/scenes.schema.json` says the same for others to check with.
struct SceneListReader {
    private var problems: [Diagnostic] = []
    private var places: [String: SourceLocation] = [:]
    private var names: SceneNames

    static let mostScenes = 2_000

    /// - Throws: `DiagnosticList`, with all mistakes.
    static func read(_ node: Node) throws -> SceneList {
        let nodes = if case .list(let nodes) = node["scenes"]?.content { nodes } else { [Node]() }
        var reader = SceneListReader(names: SceneNames(taken: nodes.compactMap { $0["id"]?.value.letters }))
        let list = try reader.list(node)
        guard reader.problems.isEmpty else { throw DiagnosticList(reader.problems) }
        return list
    }

    private init(names: SceneNames) { self.names = names }

    private mutating func list(_ node: Node) throws -> SceneList {
        var fields = try Fields(node, subject: "the list of scenes")
        var list = SceneList(title: fields.string("title") ?? "", language: fields.string("language") ?? "")
        list.dropped = fields.strings("dropped") ?? []
        fields.allow(["made_by"])
        let scenes = fields.required("scenes", fields.node("scenes"))
        do { try fields.finish() } catch { problems += error.diagnostics }
        guard let scenes else { return list }
        guard case .list(let nodes) = scenes.content, !nodes.isEmpty else {
            problems.append(Diagnostic(
                .badInput, "`scenes` must be a list with a scene at least, not \(scenes.kind)", at: scenes.location,
                remedy: "write each as `- { id: NAME, narration: … }`"))
            return list
        }
        guard nodes.count <= Self.mostScenes else {
            problems.append(
                Diagnostic(
                    .badInput, "there are \(nodes.count) scenes, and \(Self.mostScenes) are the most", at: scenes.location,
                    remedy: "make several episodes of it"))
            return list
        }
        list.scenes = nodes.compactMap { scene($0) }
        return list
    }

    private mutating func scene(_ node: Node) -> Scene? {
        do {
            let shown = node["id"]?.value.letters.map { "scene \"\($0.prefix(60))\"" } ?? "the scene"
            var fields = try Fields(node, subject: shown)
            var scene = Scene(.text)
            scene.id = fields.string("id") ?? ""
            scene.title = fields.string("title") ?? ""
            scene.narration = fields.string("narration") ?? ""
            scene.text = fields.string("text") ?? ""
            scene.points = fields.strings("points") ?? []
            scene.by = fields.string("by") ?? ""
            scene.image = fields.string("image") ?? ""
            scene.speaker = fields.string("speaker") ?? ""
            scene.minimumSeconds = fields.number("minimum_seconds", in: 0...3600)
            scene.maximumSeconds = fields.number("maximum_seconds", in: 0.1...3600)
            scene.kind = kind(&fields, of: scene)
            check(scene, node, &fields)
            name(&scene, node, &fields)
            try fields.finish()
            return scene
        } catch let list as DiagnosticList {
            problems += list.diagnostics
        } catch let problem as Diagnostic {
            problems.append(problem)
        } catch {}
        return nil
    }

    private func kind(_ fields: inout Fields, of scene: Scene) -> Scene.Kind {
        guard let node = fields.node("type"), node.value != .null else {
            return scene.points.isEmpty ? scene.image.isEmpty ? .text : .image : .list
        }
        if let kind = node.value.letters.flatMap(Scene.Kind.init) { return kind }
        fields.report(
            Diagnostic(
                .badInput, "there is no type of scene like \(node.kind)", at: node.location,
                remedy: Suggestion.remedy(for: node.value.letters ?? "", in: Scene.Kind.allCases.map(\.rawValue))))
        return .text
    }

    private func check(_ scene: Scene, _ node: Node, _ fields: inout Fields) {
        if scene.narration.allSatisfy(\.isWhitespace), scene.minimumSeconds == nil {
            fields.report(Diagnostic(
                .badInput, "in \(fields.subject) nothing is said, and nothing says how long it lasts", at: node.location,
                remedy: "write `narration: …`, or `minimum_seconds: 5` for one that is only seen"))
        }
        if let least = scene.minimumSeconds, let most = scene.maximumSeconds, least > most {
            fields.report(
                Diagnostic(
                    .badInput, "\(fields.subject) is to last \(least) seconds at least and \(most) at most",
                    at: node["maximum_seconds"]?.location,
                    remedy: "let `minimum_seconds` be the smaller one"))
        }
        if !scene.image.isEmpty, !RelativePath.isClean(scene.image) {
            fields.report(Diagnostic(
                .badInput, "\"\(scene.image)\" is no path of a file below the episode", at: node["image"]?.location,
                    remedy: "put the picture into the episode, and write its path without `..`"))
        }
    }

    /// A scene is known by its name: without one it gets one that is made of its words.
    private mutating func name(_ scene: inout Scene, _ node: Node, _ fields: inout Fields) {
        guard !scene.id.isEmpty else { return scene.id = names.name(for: scene) }
        let place = node["id"]?.location
        if !SceneNames.isName(scene.id) {
            fields.report(Diagnostic(.badInput, "\"\(scene.id)\" cannot name a scene", at: place, remedy: "use letters, digits and `-`"))
        }
        if let other = places[scene.id] {
            fields.report(Diagnostic(.badInput, "two scenes are called \"\(scene.id)\": the other stands at \(other)", at: place,
                remedy: "give one of them another name"))
        }
        places[scene.id] = place
    }
}

/// Reads questions and the answers that a person has given: `answers:`, a list of `question` and `answer`.
enum AnswerReader {
    static func read(_ node: Node) throws -> (answers: [(question: String, answer: [String])], title: String, language: String) {
        var (title, language, list) = ("", "", node)
        if case .object = node.content {
            var fields = try Fields(node, subject: "the answers")
            (title, language) = (fields.string("title") ?? "", fields.string("language") ?? "")
            let answers = fields.required("answers", fields.node("answers"))
            try fields.finish()
            list = answers ?? node
        }
        guard case .list(let nodes) = list.content, !nodes.isEmpty else {
            throw Diagnostic(
                .badInput, "the answers must be a list, not \(list.kind)", at: list.location,
                remedy: "write each as `- { question: …, answer: … }`")
        }
        var problems: [Diagnostic] = []
        let answers = nodes.compactMap { node -> (question: String, answer: [String])? in
            do {
                var fields = try Fields(node, subject: "an answer")
                let question = fields.required("question", fields.string("question"))
                let answer = fields.required("answer", fields.strings("answer"))
                try fields.finish()
                return question.flatMap { question in answer.map { (question, $0) } }
            } catch {
                problems += [Diagnostic](describing: error)
                return nil
            }
        }
        if let error = problems.error { throw error }
        return (answers, title, language)
    }
}
