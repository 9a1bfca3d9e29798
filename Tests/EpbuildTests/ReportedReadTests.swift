import FoundationEssentials
import Testing

/// `depfile:`: what a program says that it has read is an input from then on, here and elsewhere.
@Suite struct ReportedReadTests {
    private let machine: Machine

    init() throws { machine = try Machine() }

    /// Puts a text together from the files that it names, and those that these name.
    private static let script = """
        : > book; : > read
        add() { echo "$1" >> read; while read -r word rest; do if [ "$word" = include ]; then add "chapters/$rest"; else echo "$word $rest" >> book; fi; done < "$1"; }
        add main.txt
        echo "book: $(tr '\\n' ' ' < read)" > book.d

        """
    private static let pipeline = """
          main: { source: main.txt }
          book: { tool: command, run: [bash, make.sh], inputs: { make.sh: ./make.sh, main.txt: main }, may_read: ["chapters/**"], depfile: book.d, outputs: [book], deliver: true }
        """
    private static let files = [
        "main.txt": "Title\ninclude one\n", "make.sh": script, "chapters/one": "First.\n", "chapters/two": "Second.\n",
        "chapters/three": "Third.\n",
    ]

    private func book() throws -> String { try machine.text("\(Machine.own)/out/book") }
    private func write(_ text: String, to chapter: String) throws { try machine.write(Array(text.utf8), to: "\(Machine.own)/\(chapter)") }

    @Test func whatWasReadIsAnInput() async throws {
        try machine.ownShow(Self.pipeline, files: Self.files)
        try await machine.build(Machine.own).expect(.built, executed: 1)
        #expect(try book() == "Title \nFirst. \n")
        try await machine.build(Machine.own).expect(.upToDate)
        // Offered, and not read.
        try write("Another second.\n", to: "chapters/two")
        try await machine.build(Machine.own).expect(.upToDate, executed: 0)
        try write("First, again.\ninclude two\n", to: "chapters/one")
        let why = try await machine.run("why", Machine.own, "book")
        #expect(why.output.contains("chapters/one"), "\(why)")
        try await machine.build(Machine.own).expect(.built, executed: 1)
        #expect(try book() == "Title \nFirst, again.\nAnother second.\n")
        // It names what it reads now: the file that the new chapter includes.
        try write("Second at last.\ninclude three\n", to: "chapters/two")
        try await machine.build(Machine.own).expect(.built, executed: 1)
        #expect(try book() == "Title \nFirst, again.\nSecond at last.\nThird. \n")
        try write("Third at last.\n", to: "chapters/three")
        try await machine.build(Machine.own).expect(.built, executed: 1)
        // As it was before: nothing runs, wherever in between it has changed.
        try write("First.\n", to: "chapters/one")
        try await machine.build(Machine.own).expect(.built, executed: 0)
        #expect(try book() == "Title \nFirst. \n")
        machine.remove("\(Machine.own)/chapters/three")
        try await machine.build(Machine.own).expect(executed: 0)
        // What it reads of the declared inputs alone.
        try write("Title\n", to: "main.txt")
        try await machine.build(Machine.own).expect(.built, executed: 1)
        try write("First, once more.\n", to: "chapters/one")
        try await machine.build(Machine.own).expect(executed: 0)
        try await machine.build(Machine.own).expect(.upToDate)
    }

    /// Two machines with one shared cache: nothing runs on the second, whatever of the first's states it has.
    @Test func anotherMachineFindsIt() async throws {
        let share = try SharedDirectory()
        try machine.ownShow(Self.pipeline, files: Self.files)
        try machine.share(share.path)
        try await machine.build(Machine.own).expect(.built, executed: 1)
        let early = try Machine(copying: machine)
        try write("First, again.\ninclude two\n", to: "chapters/one")
        try await machine.build(Machine.own).expect(.built, executed: 1)
        try write("Two.\ninclude three\n", to: "chapters/two")
        try await machine.build(Machine.own).expect(.built, executed: 1)
        let late = try Machine(copying: machine)
        for other in [early, late] {
            try FileManager.default.removeItem(atPath: other.cache)
            other.remove("\(Machine.own)/out")
            try await other.build(Machine.own).expect(.built, executed: 0)
            try await other.build(Machine.own).expect(.upToDate)
        }
        #expect(try late.digests(of: Machine.own) == machine.digests(of: Machine.own))
        #expect(try early.text("\(Machine.own)/out/book") == "Title \nFirst. \n")
        // A take belongs to the question, and so to whatever it has read.
        try await late.run("clean", Machine.own, "book").expect(0)
        try await late.build(Machine.own).expect(.built, executed: 1)
        try await late.build(Machine.own).expect(.upToDate)
    }

    /// Items that read the same, and each what it names.
    @Test func itemsReadWhatTheyName() async throws {
        let pipeline = Self.pipeline.replacing("main.txt }", with: "\"m/*\" }").replacing(
            "book: { tool: command,", with: "book: { tool: command, each: main,"
        )
        .replacing("main.txt: main }", with: "main.txt: item }")
        let texts = ["m/a": "include one\n", "m/b": "include two\n", "m/c": "include one\n"]
        try machine.ownShow(pipeline, files: Self.files.merging(texts) { $1 })
        try await machine.build(Machine.own).expect(.built, executed: 2)
        try write("Second, again.\n", to: "chapters/two")
        try await machine.build(Machine.own).expect(.built, executed: 1)
        try write("First, again.\n", to: "chapters/one")
        try await machine.build(Machine.own).expect(.built, executed: 1)
        #expect(try machine.text("\(Machine.own)/out/book/c/book") == "First, again.\n")
    }

    @Test(arguments: [
        ("echo nonsense > book.d", "book.d:1:1: error: book: no colon stands behind what is made"),
        ("echo 'book: a $(X)' > book.d", "book.d:1:9: error: book: a variable of Make stands here"),
        (":", "the program has not written book.d"),
        (
            "echo 'book: EPISODE/main.txt' > book.d",
            "book.d:1:7: error: book: it has read main.txt of the episode or the show, which was not offered to it"
        ),
    ])
    func whatIsNotTracked(_ script: String, _ says: String) async throws {
        let script = script.replacing("EPISODE", with: "\(machine.workspace)/\(Machine.own)")
        try machine.ownShow(Self.pipeline, files: Self.files.merging(["make.sh": "echo x > book; \(script)\n"]) { $1 })
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 1 && outcome.errors.contains(says), "\(outcome)")
    }

    @Test func whatIsOutsideIsSaid() async throws {
        let script = "echo x > book; echo 'book: /etc/hosts ./chapters/../chapters/one gone' > book.d\n"
        try machine.ownShow(Self.pipeline, files: Self.files.merging(["make.sh": script]) { $1 })
        let outcome = try await machine.run("build", Machine.own, "--verbose")
        #expect(
            outcome.errors.contains("book.d names what is no file of the episode or the show, so changes of it go unnoticed: /etc/hosts"),
            "\(outcome)")
        #expect(outcome.errors.contains("book.d names what is not there: gone"), "\(outcome)")
        try write("First, again.\n", to: "chapters/one")
        try await machine.build(Machine.own).expect(.built, executed: 1)
    }

    @Test(arguments: [
        (", depfile: book.d", "", "has a `may_read`, and does not tell what it has read"),
        ("may_read: [\"chapters/**\"], ", "", "has a `depfile`, and nothing that it may read"),
        ("chapters/**", "../x", "must be a path below the episode or the show"),
    ])
    func mistakes(_ old: String, _ new: String, _ says: String) async throws {
        try machine.ownShow(Self.pipeline.replacing(old, with: new), files: Self.files)
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome)")
    }
}
