import EpComposition

/// How a check is shown on a screen.
extension Check {
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
}

extension Console {
    /// The language settings name UTF-8.
    static let isUnicode =
        ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(Setting.variable).first.map { $0.uppercased().contains("UTF") } ?? false
}
