import EpCards
import EpCore
import EpDelivery
import EpPlan

/// `card:` of a stage that makes pictures: a card, set on this machine from what the item itself holds.
///
/// The drawing is a program's work: epbuild's own, begun anew, so that the libraries are loaded where a picture is drawn and nowhere else.
/// The card and
/// the files of the fonts that its letters need are its inputs.
extension ImageTool {
    static let drawer = Program("epbuild", versionArguments: [CardCommand.word, "--version"], package: "libpangocairo-1.0-0", answer: .list)

    func cardReferences(_ stage: StageContext) throws -> [StageReference] { try CardSettings(stage).templates.flatMap(stage.stages) }

    /// - Returns: nil if something that it shows is not known yet.
    func card(_ stage: StageContext) throws -> [ArtifactRef]? {
        let settings = try stage.shared { try CardSettings(stage) }
        let made = try CardMaker(stage, settings).make()
        guard let version = stage.version(of: Self.drawer), let made else { return nil }
        var inputs = [Step.Input(CardCommand.card, text: made.card.value.json(indented: true))] + (try fonts(of: made, settings, in: stage))
        if let image = made.image {
            guard let picture = picture(image.file, image.format, in: stage) else { return nil }
            inputs.append(Step.Input(CardCommand.image, picture))
        }
        let step = stage.add(
            operation: .program(arguments: [Self.drawer.name, CardCommand.word], environment: [:]), inputs: inputs,
            outputs: [CardCommand.picture],
            platform: [Self.drawer.name: version])
        return [ArtifactRef(name: stage.stage.output ?? "\(stage.stage.name).png", source: .output(step, path: CardCommand.picture))]
    }

    /// The picture as cards are drawn with it. The drawing library reads PNG alone: a JPEG is decoded by ffmpeg.
    /// - Returns: nil until ffmpeg is known.
    private func picture(_ file: SourceFile, _ format: CoverImage.Format, in stage: StageContext) -> ArtifactSource? {
        guard format == .jpeg else { return .file(file) }
        guard let platform = FFmpeg.platform(stage) else { return nil }
        let command =
            RecordingInput.quietly + ["-max_pixels", String(CardMaker.mostPixels), "-protocol_whitelist", "file", "-f", "jpeg_pipe"]
            + ["-i", "file:picture.jpg", "-vf", "scale=flags=bicubic+accurate_rnd+full_chroma_int+bitexact,format=rgb24", "-frames:v", "1"]
            + RecordingInput.plainly + ["-threads", "1", "-f", "image2", "-update", "1", CardCommand.image]
        let step = stage.add(
            "picture", operation: .program(arguments: command, environment: [:]), inputs: [.init("picture.jpg", .file(file))],
            outputs: [CardCommand.image], platform: platform)
        return .output(step, path: CardCommand.image)
    }

    /// The person's fonts first, then those that the letters need.
    private func fonts(of made: CardMaker.Made, _ settings: CardSettings, in stage: StageContext) throws -> [Step.Input] {
        let own = try settings.fonts.enumerated().map { index, font in
            Step.Input("\(CardCommand.fonts)/own-\(index + 1)", .file(try stage.showFile(font.text, at: font.location)))
        }
        let needed: [FontBook.File]
        do {
            // What a font of the person's may have is left to whoever draws.
            needed = try FontBook.files(for: made.card, knowsAll: own.isEmpty)
        } catch {
            throw Diagnostic(
                .badInput, "no font that is known here has \(Self.shown(error.letter))", at: made.place,
                remedy: "give a font that has it: `card: { fonts: [fonts/NAME.ttf], font: NAME }`")
        }
        return own + (try files(needed, at: made.place, in: stage))
    }

    private func files(_ fonts: [FontBook.File], at place: SourceLocation?, in stage: StageContext) throws -> [Step.Input] {
        try fonts.compactMap { font in
            let found = try font.places.lazy.compactMap { try stage.machineFile($0) }.first
            if let found { return Step.Input("\(CardCommand.fonts)/\(font.name)", .file(found)) }
            if font.isOptional { return nil }
            let what = font.letter.map { "no font on this machine has \(Self.shown($0)): " } ?? ""
            throw Diagnostic(.unavailable, "\(what)the font \(font.name) is missing", at: place, remedy: "apt-get install \(font.package)")
        }
    }

    static func shown(_ letter: Unicode.Scalar) -> String {
        let digits = String(letter.value, radix: 16, uppercase: true)
        return "“\(Swift.Character(letter))” (U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits))"
    }

    /// What the drawing program says is the person's to read, not that a program has failed.
    func overseeCard(_ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        do {
            return try await run()
        } catch let failure as StepFailure where failure.exitStatus == ExitStatus.badInput.rawValue {
            let said = failure.diagnostic.message.split(separator: "\n").dropFirst().map { $0.drop { $0 == " " } }.joined(separator: " ")
            let parts = said.components(separator: ": ", atMost: 2)
            throw StepFailure(Diagnostic(.badInput, parts[0], remedy: parts.count > 1 ? parts[1] : nil), isFinal: true)
        }
    }
}

extension String {
    /// What stands before and behind the last separator.
    fileprivate func components(separator: String, atMost count: Int) -> [String] {
        guard count > 1, let range = ranges(of: separator).last else { return [self] }
        return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
    }
}
