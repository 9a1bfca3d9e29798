import EpCore

/// What a server tells a browser or a podcast app of a file, by the end of its name.
enum MediaType {
    private static let known: [String: String] = [
        "mp3": "audio/mpeg", "m4a": "audio/mp4", "m4b": "audio/mp4", "opus": "audio/ogg", "ogg": "audio/ogg", "flac": "audio/flac",
        "wav": "audio/wav",
        "mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png",
        "svg": "image/svg+xml", "webp": "image/webp", "vtt": "text/vtt", "srt": "application/x-subrip", "json": "application/json",
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "txt": "text/plain; charset=utf-8",
        "md": "text/markdown; charset=utf-8",
        "rss": "application/rss+xml", "xml": "application/xml", "epub": "application/epub+zip", "pdf": "application/pdf",
        "zip": "application/zip",
    ]

    static func of(_ path: String) -> String {
        let name = Path(path).name
        if name == "feed.xml" { return "application/rss+xml" }
        guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
        return known[name[name.index(after: dot)...].lowercased()] ?? "application/octet-stream"
    }
}
