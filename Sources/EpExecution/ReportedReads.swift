import EpCore
import EpFiles
import EpPlan

/// What a program says that it has read, held against what it was offered.
struct ReportedReads {
    /// The labels of offered files, each once, sorted.
    let labels: [String]
    /// What a person may want to know of the rest, in lines.
    let notes: [String]

    /// - Parameter directory: where it ran.
    /// - Throws: `Diagnostic` for a file of the episode or the show that it was not offered: a change of that would go unnoticed.
    init(_ report: DependencyFile, _ reading: Step.Reading, of step: Step, in directory: String) throws(Diagnostic) {
        let places = Places(reading, step, directory)
        var found: Set<Path> = []
        var outside: [String] = []
        var missing: [String] = []
        for dependency in report.dependencies {
            switch places.place(of: dependency.path) {
            case .offered(let label): found.insert(Path(label))
            case .own: break
            case .missing: missing.append(dependency.path)
            case .outside: outside.append(dependency.path)
            case .home(let path):
                throw Diagnostic(
                    .actionFailed, "it has read \(path) of the episode or the show, which was not offered to it", at: dependency.location,
                    remedy: "add it to `may_read`, and let the program read it in its own directory")
            }
        }
        labels = found.sorted().map(\.text)
        notes = [
            Self.note(outside, "\(reading.report) names what is no file of the episode or the show, so changes of it go unnoticed"),
            Self.note(missing, "\(reading.report) names what is not there"),
        ].compactMap(\.self)
    }

    private static func note(_ paths: [String], _ what: String) -> String? {
        guard !paths.isEmpty else { return nil }
        return "\(what): \(paths.prefix(3).joined(separator: ", "))" + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
    }

    private struct Places {
        enum Place { case offered(String), own, missing, outside, home(String) }

        private let directory: String
        /// The directory as programs see it that resolve links.
        private let resolved: String
        private let labels: Set<Path>
        private let inputs: Set<Path>
        /// Offered files by where the person has them.
        private let originals: [Path: String]
        private let homes: [String]

        init(_ reading: Step.Reading, _ step: Step, _ directory: String) {
            self.directory = directory
            resolved = Files.resolved(directory) ?? directory
            labels = Set(reading.offered.map { Path($0.label) })
            inputs = Set(step.inputs.prefix(step.declaredCount).map { Path($0.label) })
            originals = Dictionary(reading.offered.compactMap { input in
                if case .file(let file) = input.source { (Path(file.path), input.label) } else { nil }
            }) { first, _ in first }
            homes = reading.homes
        }

        func place(of path: String) -> Place {
            guard let path = Self.plain(path.hasPrefix("/") ? path : "\(directory)/\(path)") else { return .outside }
            if let inner = Path(path).below(directory) ?? Path(path).below(resolved) {
                if inputs.contains(Path(inner)) { return .own }
                if labels.contains(Path(inner)) { return .offered(inner) }
                return FileStatus("\(directory)/\(inner)") == nil ? .missing : .own
            }
            if let label = originals[Path(path)] { return .offered(label) }
            return homes.lazy.compactMap { Path(path).below($0) }.first.map(Place.home) ?? .outside
        }

        /// Without `.`, `..` and double slashes; nil if it leads above the root.
        private static func plain(_ path: String) -> String? {
            var parts: [String] = []
            for part in Path(path).parts where !part.isEmpty && part != "." {
                if part != ".." { parts.append(part) } else if parts.popLast() == nil { return nil }
            }
            return "/" + parts.joined(separator: "/")
        }
    }
}
