import Testing

/// The arrows between modules in docs/architecture.md, checked against what the sources import:
/// the package manager lets a target import whatever was built before it.
@Suite struct ImportTests {
    /// What each module may import besides `Swift`, `Glibc`, `Synchronization`, `Dispatch` and `FoundationEssentials`.
    private static let arrows: [String: Set<String>] = [
        "RemoteAPI": ["SwiftProtobuf", "Foundation"],
        "EpCore": ["RemoteAPI", "CLibcrypto", "SwiftProtobuf"],
        "EpScript": ["EpCore"],
        "EpImport": ["EpCore", "EpScript", "CExpat", "CZlib", "CCmark", "CGumbo"],
        "EpCards": ["EpCore", "CPango"],
        "EpEspeak": ["EpCore", "CEspeak"],
        "EpSound": ["EpCore", "CLame", "CFLAC", "COpusFile", "CSpeexDSP"],
        "EpDelivery": ["EpCore", "CCmark"],
        "EpOffline": ["EpCore"],
        "EpText": [],
        "EpCache": ["EpCore", "EpFiles", "CLinux"],
        "EpPlan": ["EpCore", "EpScript", "CLibyaml"],
        "Pipelines": ["EpPlan"],
        "EpEngine": ["EpCore", "EpFiles", "EpPlan", "EpCache", "EpText"],
        "EpSQLite": ["CSQLite"],
        "EpHistory": ["EpCore", "EpFiles", "EpPlan", "EpEngine", "EpSQLite"],
        "EpDesk": [
            "EpCore", "EpFiles", "EpScript", "EpImport", "EpSound", "EpDelivery", "EpText", "EpPlan", "EpCache", "EpEngine", "EpHistory",
            "EpProviders", "EpTools", "EpExecution",
        ],
        "EpWebhooks": ["EpCore", "EpFiles", "EpPlan", "EpEngine", "EpHTTP"],
        "EpProviders": ["EpCore", "EpDelivery", "EpFiles", "EpPlan", "EpHTTP", "EpOffline", "EpSound", "CJansson"],
        "EpTools": [
            "EpCore", "EpFiles", "EpPlan", "EpProviders", "EpScript", "EpSound", "EpDelivery", "EpImport", "EpCards", "EpEspeak", "EpSQLite", "EpText",
            "SystemPackage",
        ],
        "EpExecution": ["EpCore", "EpFiles", "EpPlan", "EpHTTP", "EpRemote", "CSupervisor", "SystemPackage"],
        "EpFiles": ["EpCore", "CLinux"],
        "EpHTTP": ["EpCore", "EpFiles", "CCurl"],
        "EpRemote": ["RemoteAPI", "SwiftProtobuf", "EpCore", "EpFiles", "EpHTTP", "CZstd"],
        "EpComposition": [
            "EpCore", "EpFiles", "EpPlan", "EpCache", "EpEngine", "EpHistory", "EpDesk", "EpProviders", "EpTools", "EpExecution", "EpHTTP",
            "EpRemote",
            "EpCards", "EpWebhooks", "PodcastPipeline", "NewsroomPipeline", "NovelPipeline", "VideoPipeline", "DocumentaryPipeline",
        ],
        "epbuild": [
            "EpComposition", "EpCore", "EpFiles", "EpScript", "EpImport", "EpSound", "EpDelivery", "EpText", "EpPlan", "EpCache",
            "EpEngine", "EpHistory", "EpDesk", "EpProviders",
            "EpTools", "EpExecution", "EpHTTP", "EpRemote", "EpWebhooks", "EpCards", "EpEspeak", "PodcastPipeline", "NewsroomPipeline",
            "NovelPipeline",
            "VideoPipeline", "DocumentaryPipeline", "CArguments", "CPocketsphinx",
            "ArgumentParser",
        ],
    ]
    private static let system: Set<String> = ["Swift", "Glibc", "Synchronization", "Dispatch", "FoundationEssentials"]
    /// Modules that read and write nothing.
    private static let pure: Set<String> = ["EpCore", "EpScript", "EpImport", "EpPlan", "EpDelivery", "EpOffline", "EpSound", "EpText"]

    @Test func everyModuleImportsOnlyWhatItsArrowsPointTo() throws {
        let files = try SourceText.all()
        #expect(Set(files.map(\.module)).isSuperset(of: Self.arrows.keys))
        for file in files {
            let allowed = try #require(Self.arrows[file.module], "\(file.module) has no arrows in this table")
            for imported in file.imports where !allowed.contains(imported) && !Self.system.contains(imported) {
                Issue.record("\(file.path) imports \(imported)")
            }
        }
    }

    /// The table above says the same as the drawing in the documentation.
    @Test func theTableIsWhatTheDocumentationDraws() throws {
        let text = try SourceText.read("docs/architecture.md")
        var drawn: [String: Set<String>] = [:]
        for line in text.split(separator: "\n") where line.contains(" → ") && !line.hasPrefix("-") && !line.contains("─") {
            let sides = line.split(separator: "→").map { $0.split(separator: " ").map(String.init) }
            guard sides.count == 2, sides[0].allSatisfy({ Self.arrows[$0] != nil }) else { continue }
            for module in sides[0] where sides[1] != ["everything", "below"] { drawn[module] = Set(sides[1]).subtracting(["nothing"]) }
        }
        let own = Set(Self.arrows.keys)
        for (module, targets) in drawn { #expect(Self.arrows[module]?.intersection(own) == targets, "\(module)") }
        #expect(Set(drawn.keys) == own.subtracting(["epbuild", "RemoteAPI"]))
    }

    @Test func oneFileImportsLibcrypto() throws {
        #expect(try SourceText.all().filter { $0.imports.contains("CLibcrypto") }.map(\.path) == ["Sources/EpCore/Cryptography.swift"])
    }

    /// Foundation with ICU costs most of the start-up time. Generated messages mention it where there is nothing smaller.
    @Test func nothingImportsAllOfFoundation() throws {
        for file in try SourceText.all() where file.imports.contains("Foundation") {
            #expect(file.path.hasSuffix(".pb.swift"), "\(file.path)")
            let position = try #require(file.lines.firstIndex { $0.hasSuffix("import Foundation") })
            #expect(file.lines[position - 1] == "#else", "\(file.path)")
        }
    }

    @Test func pureModulesTouchNeitherFilesNorTheEnvironment() throws {
        let calls = ["open", "fopen", "opendir", "stat", "fstat", "unlink", "rename", "mkdir", "getenv", "setenv", "socket", "getpid"]
        for file in try SourceText.all() where Self.pure.contains(file.module) {
            for call in calls where file.calls(call) { Issue.record("\(file.path) calls \(call)") }
            #expect(!file.code.contains { $0.contains("FileManager") || $0.contains("ProcessInfo") }, "\(file.path)")
        }
    }

    @Test func onlyTheCompositionAndTheCommandLineReadTheEnvironment() throws {
        for file in try SourceText.all() where !["epbuild", "EpComposition"].contains(file.module) {
            #expect(!file.calls("getenv") && !file.calls("secure_getenv"), "\(file.path)")
            #expect(!file.code.contains { $0.contains("ProcessInfo") || $0.contains("Environment.inherit") }, "\(file.path)")
        }
    }

    /// The scanner sees what it is to forbid: an empty rule would pass everything.
    @Test func theScannerSeesImportsAndCalls() {
        let file = SourceText(
            path: "Sources/EpCore/A.swift", text: "internal import CLame\n@testable public import EpPlan\n// open(x)\nlet f = open(path)\n")
        #expect(file.module == "EpCore")
        #expect(file.imports == ["CLame", "EpPlan"])
        #expect(file.calls("open") && !file.calls("pen") && !file.calls("fopen"))
    }
}
