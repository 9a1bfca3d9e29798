import FoundationEssentials
import Testing

/// A show of three small episodes, `one`, `season 2/über` and `a/b/c`, of seasons 0 to 2. They are built once; each test gets a copy.
enum Radio {
    static let episodes = ["one", "season 2/über", "a/b/c"]
    /// A show that lacks nothing that directories demand.
    static let show = """
        title: Radio
        description: Three voices and a kettle
        author: The epbuild authors
        language: en
        category: Education > How To
        link: https://example.org/radio
        owner: { name: The epbuild authors, email: radio@example.org }
        cover: cover.png
        guid: 0f3a2c44-7d0e-4a6c-9d1f-0123456789ab
        disclosure: A computer says this.

        """

    /// - Parameters:
    ///   - show: the beginning of `show.yaml`, before its characters.
    ///   - feed: how the pipeline has the feed.
    static func machine(show: String = show, feed: String = "{ tool: feed }") async throws -> Machine {
        let machine = try Machine(copying: await builtOnce.value)
        try machine.write(Array((show + characters).utf8), to: "radio/show.yaml")
        try machine.replace("feed: { tool: feed }", with: "feed: \(feed)", in: "radio/pipeline.yaml")
        return machine
    }

    private static let characters = "characters:\n  - { name: PIP, voice: { provider: espeak, voice: en-gb } }\n"

    private static let pipeline = """
        stages:
          covered: { tool: covered, deliver: true }
          script: { source: script.fountain }
          speech: { tool: tts, each: script.lines }
          mixed: { tool: mix, from: [script, speech] }
          package: { tool: package, from: [mixed, script] }
        show_stages:
          feed: { tool: feed }

        """

    private static let builtOnce = Task {
        let machine = try Machine()
        try machine.makeDirectory("radio")
        try machine.write(Array((show + characters).utf8), to: "radio/show.yaml")
        try machine.write(Array(pipeline.utf8), to: "radio/pipeline.yaml")
        try machine.write(CoverFile.png(), to: "radio/cover.png")
        for (index, episode) in episodes.enumerated() {
            try add(
                episode, "number: 1\nseason: \(index)\ntitle: E\(index)\ntopic: C\(index)\ndate: 2026-11-0\(index + 1)\n",
                says: "This is part \(index).", to: machine)
        }
        try await machine.run("build", "radio").expect(0)
        return machine
    }

    /// Adds an episode to the show.
    static func add(_ episode: String, _ facts: String, says text: String, to machine: Machine) throws {
        try machine.makeDirectory("radio/\(episode)")
        try machine.write(Array(facts.utf8), to: "radio/\(episode)/episode.yaml")
        try machine.write(Array("PIP\n\(text)\n".utf8), to: "radio/\(episode)/script.fountain")
    }

    /// The texts of the elements of one name in the feed.
    static func values(_ element: String, in feed: String) -> [String] {
        feed.split(separator: "<").filter { $0.hasPrefix("\(element)>") || $0.hasPrefix("\(element) ") }.map {
            String($0.split(separator: ">", omittingEmptySubsequences: false)[1])
        }
    }

    /// A path in an address, without its percent signs.
    static func decoded(_ path: some StringProtocol) -> String {
        let parts = path.split(separator: "%", omittingEmptySubsequences: false)
        let bytes = parts.dropFirst().flatMap { part -> [UInt8] in [UInt8(part.prefix(2), radix: 16) ?? 63] + Array(part.dropFirst(2).utf8)
        }
        return String(decoding: Array((parts.first ?? "").utf8) + bytes, as: UTF8.self)
    }

    /// One attribute of the elements of one name.
    static func values(_ attribute: String, of element: String, in feed: String) -> [String] {
        feed.split(separator: "<").filter { $0.hasPrefix("\(element) ") }.compactMap { element in
            element.range(after: " \(attribute)=\"").map { String($0.prefix { $0 != "\"" }) }
        }
    }
}

/// Pictures for covers: a beginning and an end are enough, as nobody draws them.
enum CoverFile {
    static func png(_ width: Int = 1400, _ height: Int = 1400) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) } }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + number(width) + number(height) + [
            8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    }

    static func jpeg(_ side: Int = 1400) -> [UInt8] {
        [
            0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, UInt8(side >> 8), UInt8(side & 0xFF), UInt8(side >> 8), UInt8(side & 0xFF), 3, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0xFF, 0xD9,
        ]
    }
}

extension Machine {
    func makeDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: "\(workspace)/\(path)", withIntermediateDirectories: true)
    }

    /// How many bytes the one MP3 of an episode has.
    func soundBytes(of episode: String) throws -> [Int] { try outputs(of: episode).filter { $0.key.hasSuffix(".mp3") }.map(\.value.count) }
}
