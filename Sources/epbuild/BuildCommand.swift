import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpExecution
import EpPlan

struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Builds what is stale (the default command).",
        usage: "epbuild [build] PATH… [TARGET…] [options]")

    @Argument(help: "Episodes, shows or workspaces (directories), then targets: `stage` or `stage/item`.", completion: .targets)
    var words: [String] = []

    @Option(name: .shortAndLong, help: "Steps at once that keep a processor busy (default: one more than there are processors).")
    var jobs: Int?

    @Option(help: ArgumentHelp("Steps at once on the cluster that `execution` names (default: its `jobs`).", valueName: "jobs"))
    var remoteJobs: Int?

    @Option(help: ArgumentHelp("The most that this command may spend, in US dollars.", valueName: "usd"))
    var budget: Double?

    @Flag(name: .shortAndLong, help: "Go on with what does not depend on a failure.")
    var keepGoing = false

    @Flag(name: [.customShort("n"), .long], help: "Say what would run; run nothing.")
    var dryRun = false

    @Flag(help: "Ask nobody on the network: no shared cache, no provider.")
    var offline = false

    @Flag(help: "Build again whenever a file that the build has looked at is saved, until Ctrl-C.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            "With --watch: a shell command to run when a build has made something; see EPBUILD_EPISODE, EPBUILD_OUTCOME, EPBUILD_OUTPUTS.",
            valueName: "command"))
    var then: String?

    @Flag(help: "With --watch: play what is new in the mix as soon as it is mixed, and build as soon as a file is saved.")
    var play = false

    @Flag(help: "Play at once: stand in for what is missing, fails or would cost money; wait for nobody.")
    var draft = false

    @Flag(help: "Print one JSON object for each episode on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Tell of every action.")
    var verbose = false

    @Flag(help: "Build only what failed when it was last tried.")
    var retryFailed = false

    @Option(help: ArgumentHelp("Write every event as a line of JSON; - is standard output.", valueName: "file"))
    var events: String?

    @Option(help: ArgumentHelp(
        "Write what ran when, to be drawn: for Perfetto, or as OTLP where the name ends in .otlp.json.", valueName: "file"))
    var trace: String?

    @Option(help: ArgumentHelp("Write what services are asked and answer into a directory, without keys.", valueName: "dir"))
    var record: String?

    @Option(help: ArgumentHelp("Answer from such a directory; ask no service.", valueName: "dir"))
    var replay: String?

    @Flag(help: "Run each step that costs nothing twice: what makes something else then has failed.")
    var checkDeterminism = false

    @Flag(help: "Run programs where they see their declared inputs and the system, and nothing else (bubblewrap).")
    var sandbox = false

    @Option(help: ArgumentHelp("Build this stage and what it is made from, and nothing further.", valueName: "stage"))
    var until: String?

    @OptionGroup var part: PartOptions

    @Option(help: "Make so many takes of the targets, to choose from with `epbuild use`.")
    var takes: Int?

    /// First words of a command line that name no path to be built.
    static var otherWords: [String] { Epbuild.configuration.subcommands.map { $0._commandName } + ["help", "--help", "-h", "--version"] }

    /// `epbuild PATH…` is `epbuild build PATH…`.
    static func asDefault(_ arguments: [String]) -> [String] {
        guard let first = arguments.first else { return ["build"] }
        guard !otherWords.contains(first), !["--generate-completion", "---", "--experimental-dump-help"].contains(where: first.hasPrefix)
        else { return arguments }
        return ["build"] + arguments
    }

    /// A build with no options but these.
    static func run(_ build: QuickBuild) async throws {
        let composition = Composition()
        var options = BuildOptions()
        var places = build.places.map(composition.inOrder) ?? []
        if build.places == nil { (places, options.targets) = try await Words(build.words, mayNameCommand: true).split(composition) }
        let run = BuildRun(composition: composition, options: options, json: build.json, verbose: false)
        try await run.run(places, stale: build.stale)
    }

    func run() async throws {
        var composition = try record.map(Composition.init(recordingInto:)) ?? replay.map(Composition.init(replayingFrom:)) ?? Composition()
        if sandbox { composition.sandbox = try Sandbox(searchPath: composition.setting.searchPath) }
        let (places, targets) = try await Words(words, mayNameCommand: true).split(composition)
        try part.check(targets)
        let asked = targets + (until.map { [Target(stage: StageName($0))] } ?? [])
        var options = BuildOptions()
        options.targets = asked
        options.excerpt = part.excerpt
        if dryRun { return try await PlanView.show(places, options, composition, json: json) }
        options.jobs = jobs
        options.remoteJobs = remoteJobs
        options.budget = budget.map(Cost.init(usd:))
        options.keepGoing = keepGoing
        options.isOffline = offline
        options.isDraft = draft
        options.isRetry = retryFailed
        options.checksDeterminism = checkDeterminism
        if retryFailed {
            options.targets = try composition.desk().failed(of: places)
            if options.targets.isEmpty { return Console.say("nothing has failed when it was last tried") }
        }
        let lines = try events.map { try EventLines($0) { Console.report($0) } }
        let run = BuildRun(
            composition: composition, options: options, json: json, verbose: verbose, readers: try readers(lines), isAside: events == "-")
        if let takes { return try await run.makeTakes(takes, of: targets, at: places) }
        guard watch else {
            try await run.run(places)
            // As of any answer on standard output: whoever waits for it must not take what there is of it for the whole.
            if events == "-", lines?.isBroken == true { throw EarlyEnd(status: .failed) }
            return
        }
        let sound = play ? SoundPipe(try Player(composition.setting, ofPipes: true)) : nil
        try await WatchRun(run: run, followUp: then.map { FollowUp($0, isQuiet: json || events == "-") }, sound: sound).run(places)
    }

    /// Who else is told what happens.
    private func readers(_ lines: EventLines?) throws -> [BuildReading] {
        let lines = lines.map { BuildReading($0) }
        let file = try trace.map { path in BuildReading(try TraceFile(Setting().absolute(path)) { Console.report($0) }) }
        return [lines, file].compactMap { $0 }
    }

    func validate() throws {
        if retryFailed, dryRun || draft || takes != nil || watch {
            throw ValidationError("--retry-failed does not go with --dry-run, --draft, --takes or --watch")
        }
        if retryFailed, words.count > 1 {
            throw ValidationError("--retry-failed finds its targets by itself, in one episode, show or workspace")
        }
        if !part.only.isEmpty, draft || takes != nil || retryFailed || until != nil {
            throw ValidationError("--only chooses what is built by itself: leave out targets, --until, --draft, --takes and --retry-failed")
        }
        if let until, until.contains("/") || until.isEmpty {
            throw ValidationError("--until takes a stage; an item is named behind the episode")
        }
        if until != nil, takes != nil || retryFailed { throw ValidationError("--until does not go with --takes or --retry-failed") }
        if record != nil, replay != nil { throw ValidationError("--record and --replay do not go together") }
        if trace != nil, watch || dryRun { throw ValidationError("--trace does not go with --watch or --dry-run") }
        if events == "-", json { throw ValidationError("--events - and --json both write to standard output") }
        if draft, dryRun { throw ValidationError("--draft makes a draft, and -n makes nothing: leave one of them out") }
        if let jobs, jobs < 1 { throw ValidationError("-j takes a number from 1") }
        if let remoteJobs, !(1...1000).contains(remoteJobs) { throw ValidationError("--remote-jobs takes a number from 1 to 1000") }
        if let budget, !(0...1_000_000).contains(budget) {
            throw ValidationError("--budget takes a number of US dollars from 0 to 1000000")
        }
        if let takes, !(1...100).contains(takes) { throw ValidationError("--takes takes a number from 1 to 100") }
        if then != nil, !watch { throw ValidationError("--then is for --watch") }
        if play, !watch { throw ValidationError("--play is for --watch; `epbuild play` plays what is built") }
        if draft, takes != nil || watch { throw ValidationError("--draft does not go with --takes or --watch") }
        if watch, dryRun || takes != nil { throw ValidationError("--watch does not go with --dry-run or --takes") }
    }
}
