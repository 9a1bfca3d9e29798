import EpCore
import Glibc

extension Files {
    /// Takes away what processes that were killed have left in a directory while they wrote files there.
    static func sweep(_ directory: String) {
        for entry in (try? DirectoryListing.read(RawPath(directory))) ?? [] where entry.name.begins(with: temporaryPrefix) {
            guard let name = entry.name.text, let process = name.dropFirst(temporaryPrefix.count).split(separator: "-").first.flatMap({ Int32($0) }), process > 0 else { continue }
            // One that runs may be about to put the file in its place.
            if kill(process, 0) != 0, errno == ESRCH { unlink("\(directory)/\(name)") }
        }
    }
}
