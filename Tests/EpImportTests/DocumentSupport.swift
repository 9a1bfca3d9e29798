import EpCore
import EpImport

/// Scenes of a document that stands in a test.
struct Adapted {
    let list: SceneList

    /// - Throws: the `Diagnostic` of a document that cannot be read.
    init(_ text: String, named name: String = "document", longest: Int = 90) throws {
        try self.init(Array(text.utf8), named: name, longest: longest)
    }

    init(_ bytes: [UInt8], named name: String = "document", longest: Int = 90, value: Value? = nil) throws {
        let kind = try DocumentKind(bytes, named: name)
        var reading = DocumentReading()
        reading.longestWords = longest
        list = try reading.scenes(of: bytes, kind, value: value, named: name)
    }

    var scenes: [Scene] { list.scenes }
    /// `type title: narration` of each.
    var shown: [String] { scenes.map { "\($0.kind.rawValue) \($0.title): \($0.narration)" } }
    var ids: [String] { scenes.map(\.id) }
}

/// What is said of a document that cannot be read; "" if it can.
func complaint(adapting bytes: [UInt8], named name: String = "document") -> String {
    do {
        _ = try Adapted(bytes, named: name)
        return ""
    } catch let problem as Diagnostic {
        return "\(problem)"
    } catch {
        return "no diagnostic: \(error)"
    }
}
