import FoundationEssentials
import Glibc
import Testing

/// A machine with a workspace of one small show in it and nothing else, whose files a test names.
struct SmallShow {
    static let episode = "show/ep"
    /// Programs alone: capital letters for each text, and all of them in one file.
    static let pipeline = """
        stages:
          texts: { source: "texts/*.txt" }
          upper: { tool: command, each: texts, run: [sh, -c, "tr a-z A-Z < in.txt > out.txt"], inputs: { in.txt: item }, outputs: [out.txt] }
          marked: { tool: command, each: upper, run: [sh, -c, "sed s/$/!/ in.txt > out.txt"], inputs: { in.txt: item }, outputs: [out.txt] }
          joined: { tool: command, run: [sh, -c, "cat parts/* > all.txt"], inputs: { parts: marked }, outputs: [all.txt], deliver: true }

        """

    let machine: Machine

    init(_ files: [String: String] = [:]) throws {
        machine = try Machine()
        try FileManager.default.removeItem(atPath: machine.workspace)
        let usual = [
            "epbuild.yaml": "limits: { jobs: 2 }\n", "show/show.yaml": "title: T\n", "show/pipeline.yaml": Self.pipeline,
            "show/ep/episode.yaml": "title: E\n",
        ]
        for (path, text) in usual.merging(files, uniquingKeysWith: { $1 }) { try write(text, to: path) }
    }

    /// On a machine that has one.
    init(on machine: Machine) { self.machine = machine }

    func write(_ text: String, to path: String) throws {
        let file = "\(machine.workspace)/\(path)"
        try FileManager.default.createDirectory(atPath: String(file[..<file.lastIndex(of: "/")!]), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    /// Gives a file a time stamp, in seconds since 1970.
    /// - Returns: false if the file system cannot store it.
    func stamp(_ path: String, _ seconds: Int) throws -> Bool {
        let file = "\(machine.workspace)/\(path)"
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        try #require(utimensat(AT_FDCWD, file, [time, time], 0) == 0)
        var status = stat()
        return stat(file, &status) == 0 && status.st_mtim.tv_sec == seconds
    }

    func build() async throws -> Build { try await machine.build(Self.episode) }
}
