import Synchronization

/// What a served cache was asked and has answered since it began, as Prometheus reads it.
final class CacheCounts: Sendable {
    private struct Key: Hashable {
        let space: String
        let method: String
        let status: Int
    }

    private struct Totals {
        var requests: [Key: Int] = [:]
        var received: Int64 = 0
        var sent: Int64 = 0
        var damaged = 0
    }

    private let totals = Mutex(Totals())

    /// - Parameter method: one that the server knows, or what stands for all others: nobody else's words become names of metrics.
    func note(_ space: String, _ method: String, _ status: Int) {
        let known = ["GET", "HEAD", "PUT"].contains(method) ? method : "other"
        totals.withLock { $0.requests[Key(space: space, method: known, status: status), default: 0] += 1 }
    }

    func received(_ bytes: Int) { totals.withLock { $0.received += Int64(bytes) } }
    func sent(_ bytes: Int) { totals.withLock { $0.sent += Int64(bytes) } }
    func noteDamage() { totals.withLock { $0.damaged += 1 } }

    func text(held: Int64, limit: Int64?, trimmed: Trimmed) -> String {
        let totals = totals.withLock { $0 }
        var lines = Self.head("epbuild_cache_requests_total", "Requests, by what was asked for and answered.", "counter")
        for (key, count) in totals.requests.sorted(by: {
            ($0.key.space, $0.key.method, $0.key.status) < ($1.key.space, $1.key.method, $1.key.status)
        }) {
            lines.append("epbuild_cache_requests_total{space=\"\(key.space)\",method=\"\(key.method)\",status=\"\(key.status)\"} \(count)")
        }
        let figures: [(name: String, help: String, type: String, value: Int64)] = [
            ("epbuild_cache_received_bytes_total", "Bytes that clients have sent.", "counter", totals.received),
            ("epbuild_cache_sent_bytes_total", "Bytes that clients were sent.", "counter", totals.sent),
            ("epbuild_cache_damaged_total", "Files that were found damaged, and set aside.", "counter", Int64(totals.damaged)),
            ("epbuild_cache_bytes", "Bytes that are held.", "gauge", held),
            ("epbuild_cache_limit_bytes", "Bytes that may be held; 0: any number.", "gauge", limit ?? 0),
            ("epbuild_cache_trimmed_entries_total", "Results that made room for others.", "counter", Int64(trimmed.entries)),
            ("epbuild_cache_trimmed_blobs_total", "Blobs that made room for others.", "counter", Int64(trimmed.blobs)),
            ("epbuild_cache_trimmed_bytes_total", "Bytes of both.", "counter", trimmed.bytes),
        ]
        for figure in figures { lines += Self.head(figure.name, figure.help, figure.type) + ["\(figure.name) \(figure.value)"] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func head(_ name: String, _ help: String, _ type: String) -> [String] {
        ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
    }
}
