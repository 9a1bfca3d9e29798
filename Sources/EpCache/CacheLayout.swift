import EpCore

/// The two halves of the cache.
enum Section: String, Sendable {
    /// Blobs, by the digest of their bytes.
    case blobs = "cas"
    /// Action results, by the digest of their action.
    case entries = "ac"
}

/// Where everything lies below the cache's directory: as in Bazel's disk cache.
struct CacheLayout: Sendable {
    /// Absolute, or relative to where the process stands.
    let root: String

    func path(_ section: Section, _ hex: String) -> String {
        "\(root)/\(section.rawValue)/\(hex.prefix(2))/\(hex)"
    }

    func blob(_ digest: Digest) -> String { path(.blobs, digest.hex) }
    func entry(_ action: ActionDigest) -> String { path(.entries, action.hex) }

    /// What is being written, by process.
    var temporary: String { "\(root)/tmp" }
    /// What trimming needs, and what was found damaged.
    var trimming: String { "\(root)/gc" }
    /// Held by whoever trims.
    var trimmingLock: String { "\(trimming)/lock" }
    var damaged: String { "\(trimming)/damaged" }
    /// The file whose byte ranges are the actions' locks.
    var locks: String { "\(root)/locks" }

    /// Creates what is missing.
    func create() throws(Diagnostic) {
        for directory in [root, "\(root)/cas", "\(root)/ac", temporary, trimming, damaged] {
            try Directory.make(directory)
        }
    }
}
