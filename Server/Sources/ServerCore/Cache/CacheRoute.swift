import EpCore

/// What can be asked of a served cache: Bazel's remote cache protocol, and how the server is.
enum CacheRoute {
    case blob(hex: String)
    case entry(ActionDigest)
    case metrics, health, readiness

    /// Nil if there is nothing of that name.
    init?(_ path: [String]) {
        switch path {
        case ["metrics"]: self = .metrics
        case ["healthz"]: self = .health
        case ["readyz"]: self = .readiness
        default:
            guard path.count == 2, let digest = Digest(hex: path[1], size: 0) else { return nil }
            switch path[0] {
            case "cas": self = .blob(hex: path[1])
            case "ac": self = .entry(ActionDigest(digest))
            default: return nil
            }
        }
    }

    func role(_ method: String) -> Role? {
        switch self {
        case .health, .readiness: nil
        case .metrics: .viewer
        case .blob, .entry: method == "PUT" ? .editor : .viewer
        }
    }

    var methods: [String] {
        switch self {
        case .blob, .entry: ["GET", "HEAD", "PUT"]
        default: ["GET", "HEAD"]
        }
    }

    /// As metrics call it.
    var space: String {
        switch self {
        case .blob: "cas"
        case .entry: "ac"
        case .metrics, .health, .readiness: "server"
        }
    }
}
