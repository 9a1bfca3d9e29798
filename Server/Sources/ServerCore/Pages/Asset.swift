/// What the pages load besides themselves, compiled into the program.
enum Asset {
    private static let all: [String: (type: String, bytes: [UInt8])] = [
        "style.css": ("text/css; charset=utf-8", PackageResources.style_css),
        "live.js": ("text/javascript; charset=utf-8", PackageResources.live_js),
        "lines.js": ("text/javascript; charset=utf-8", PackageResources.lines_js),
        "keys.js": ("text/javascript; charset=utf-8", PackageResources.keys_js),
        "sound.js": ("text/javascript; charset=utf-8", PackageResources.sound_js),
        "waveform.js": ("text/javascript; charset=utf-8", PackageResources.waveform_js),
        "icon.svg": ("image/svg+xml", PackageResources.icon_svg),
    ]

    static func answer(_ name: String) throws(Problem) -> Answer {
        guard let asset = all[name] else { throw Problem(404, "there is nothing of that name") }
        return Answer(200, [("content-type", asset.type)], body: .bytes(asset.bytes))
    }
}
