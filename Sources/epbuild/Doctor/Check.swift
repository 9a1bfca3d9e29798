import EpComposition
import EpCore

/// One thing that the doctor looked at.
struct Check {
    enum State: String {
        case ok
        /// Builds go on without it.
        case warning
        /// Something cannot be built without it.
        case missing
    }

    let subject: String
    let state: State
    let message: String
    /// One line; nil if there is nothing to do.
    let remedy: String?

    init(_ subject: String, _ state: State, _ message: String, remedy: String? = nil) {
        (self.subject, self.state, self.message, self.remedy) = (subject, state, message, remedy)
    }

    /// - Parameter width: of the column of subjects, in characters.
    func lines(_ width: Int) -> [String] {
        let padded = subject + String(repeating: " ", count: max(0, width - subject.count))
        let arrow = String(repeating: " ", count: width + 4) + (Console.isUnicode ? "→" : "->")
        return ["\(mark) \(padded)  \(message)"] + (remedy.map { ["\(arrow) \($0)"] } ?? [])
    }

    private var mark: String {
        switch state {
        case .ok: Console.styled(Console.isUnicode ? "✓" : "+", .green)
        case .warning: Console.styled("!", .yellow)
        case .missing: Console.styled(Console.isUnicode ? "✗" : "x", .red)
        }
    }

    var value: Value {
        .object([.init("subject", .string(subject)), .init("state", .string(state.rawValue)), .init("message", .string(message))]
            + (remedy.map { [.init("remedy", .string($0))] } ?? []))
    }
}

extension Console {
    /// The language settings name UTF-8.
    static let isUnicode = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(Setting.variable).first.map { $0.uppercased().contains("UTF") } ?? false
}
