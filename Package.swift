// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    // Types of generics are made from what the compiler knows. To find out once more, at run time, what they conform to takes a tenth of
    // what an edit costs.
    // Each function has a section of its own, which the linker puts in order.
    .unsafeFlags(
        ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors", "-Xfrontend", "-function-sections"],
        .when(configuration: .release)),
]

/// C libraries come from Debian's -dev packages and are linked statically (`-l:name.a`),
/// so that a release starts without loading them one by one.
func clib(_ name: String) -> Target { .systemLibrary(name: name, path: "Sources/\(name)") }

func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], link: [String] = [], optimized: Bool = false
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: name == "RemoteAPI" ? ["remote_execution.proto", "remote_cache.proto", "remote_run.proto", "byte_stream.proto", "epbuild_metadata.proto"] : [],
        swiftSettings: settings + (optimized ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []), linkerSettings: link.map { .linkedLibrary(":\($0)") })
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

/// What a new show or episode begins with, kept as files and compiled into the program. What makes a directory a show or an
/// episode has another name there, so that none is found in this repository's sources.
let starterTexts = [
    "workspace.yaml", "facts.yaml", "about.md", "script.fountain",
]

/// A pipeline that comes with epbuild: a directory of YAML, prompts and schemas, all of it compiled into the program.
func pipeline(_ directory: String, _ files: [String]) -> Target {
    .target(
        name: "\(directory)Pipeline", dependencies: ["EpPlan"], path: "Sources/Pipelines/\(directory)", resources: files.map { .embedInCode($0) },
        swiftSettings: settings)
}

/// What `epbuild providers install` fetches, and the programs that it makes of that.
let installedTexts = [
    "hibari-requirements.txt", "piper-requirements.txt", "whisper-requirements.txt", "epbuild-hibari.py", "epbuild-piper.py",
    "epbuild-whisper.py",
]

let package = Package(
    name: "epbuild",
    products: [
        .executable(name: "epbuild", targets: ["epbuild"]),
        // What a server is made of, too: `Server/` is a package of its own.
        .library(
            name: "EpbuildLibraries",
            targets: ["EpCore", "EpFiles", "EpCache", "EpPlan", "EpScript", "EpText", "EpEngine", "EpSQLite", "EpHistory", "EpDesk", "EpProviders", "EpExecution", "EpHTTP", "EpComposition"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        clib("CLibcrypto"), clib("CLibyaml"), clib("CLame"), clib("CFLAC"), clib("COpusFile"), clib("CSpeexDSP"), clib("CSQLite"), clib("CLinux"),
        clib("CCmark"), clib("CExpat"), clib("CZlib"), clib("CGumbo"), clib("CJansson"), clib("CZstd"),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CPango", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CEspeak", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CPocketsphinx", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CArguments"),
        .target(name: "CSupervisor"),
        module("RemoteAPI", [protobuf]),
        module("EpCore", ["RemoteAPI", "CLibcrypto", protobuf], link: ["libcrypto.a"]),
        module("EpScript", ["EpCore"]),
        module(
            "EpImport", ["EpCore", "EpScript", "CExpat", "CZlib", "CCmark", "CGumbo"], link: ["libexpat.a", "libz.a", "libcmark.a", "libgumbo.a"]),
        module("EpCards", ["EpCore", "CPango"]),
        module("EpEspeak", ["EpCore", "CEspeak"]),
        // Loops over samples are a hundred times slower without optimization, and the tests render whole episodes.
        module(
            "EpSound", ["EpCore", "CLame", "CFLAC", "COpusFile", "CSpeexDSP"],
            link: ["libmp3lame.a", "libspeexdsp.a", "libopusfile.a", "libopus.a", "libFLAC.a", "libogg.a"], optimized: true),
        module("EpDelivery", ["EpCore", "CCmark"], link: ["libcmark.a"]),
        module("EpOffline", ["EpCore"]),
        module("EpText"),
        module("EpFiles", ["EpCore", "CLinux"]),
        module("EpCache", ["EpCore", "EpFiles", "CLinux"]),
        module("EpPlan", ["EpCore", "EpScript", "CLibyaml"], link: ["libyaml.a"]),
        pipeline("Podcast", [
            "pipeline.yaml", "prompts/ideation.md", "prompts/outlining.md", "prompts/segment.md", "prompts/script.md",
            "templates/blueprint.yaml",
        ]),
        pipeline("Novel", [
            "pipeline.yaml", "prompts/plan.md", "prompts/characters.md", "prompts/locations.md", "prompts/chapters.md",
            "prompts/scenes.md", "prompts/prose.md", "prompts/edit.md", "templates/blueprint.yaml", "templates/episode/facts.yaml",
            "templates/episode/story/premise.md", "templates/episode/story/cast.yaml", "templates/episode/story/places.yaml",
            "templates/episode/notes/chapter-01.md",
        ]),
        pipeline("Newsroom", [
            "pipeline.yaml", "prompts/enrichment.md", "prompts/editorial.md", "prompts/clips.md", "prompts/post.md",
            "schemas/enrichment.json", "schemas/editorial.json", "schemas/clips.json", "schemas/post.json", "templates/blueprint.yaml",
            "templates/episode/facts.yaml",
        ]),
        pipeline("Video", [
            "pipeline.yaml", "prompts/script.md", "schemas/scenes.json", "templates/blueprint.yaml", "templates/episode/facts.yaml",
            "templates/episode/documents/en.md",
        ]),
        pipeline("Documentary", [
            "pipeline.yaml", "prompts/outline.md", "prompts/research.md", "prompts/script.md", "prompts/storyboard.md",
            "prompts/assets.md", "schemas/research.json", "schemas/script.json", "schemas/storyboard.json", "schemas/assets.json",
            "templates/blueprint.yaml", "templates/episode/facts.yaml", "templates/episode/sources/about.md",
        ]),
        module("EpEngine", ["EpCore", "EpFiles", "EpPlan", "EpCache", "EpText"]),
        module("EpSQLite", ["CSQLite"], link: ["libsqlite3.a"]),
        module("EpHistory", ["EpCore", "EpFiles", "EpPlan", "EpEngine", "EpSQLite"]),
        .target(
            name: "EpDesk",
            dependencies: [
                "EpCore", "EpFiles", "EpScript", "EpImport", "EpSound", "EpDelivery", "EpText", "EpPlan", "EpCache", "EpEngine", "EpHistory",
                "EpProviders", "EpTools", "EpExecution",
            ],
            resources: starterTexts.map { .embedInCode("Templates/\($0)") }, swiftSettings: settings),
        module("EpWebhooks", ["EpCore", "EpFiles", "EpPlan", "EpEngine", "EpHTTP"]),
        .target(
            name: "EpProviders", dependencies: ["EpCore", "EpDelivery", "EpFiles", "EpPlan", "EpHTTP", "EpOffline", "EpSound", "CJansson"],
            resources: installedTexts.map { .embedInCode("Installed/\($0)") }, swiftSettings: settings,
            linkerSettings: [.linkedLibrary(":libjansson.a")]),
        module("EpTools", ["EpCore", "EpFiles", "EpPlan", "EpProviders", "EpScript", "EpSound", "EpDelivery", "EpImport", "EpCards", "EpEspeak", "EpSQLite", "EpText", system]),
        module("EpExecution", ["EpCore", "EpFiles", "EpPlan", "EpHTTP", "EpRemote", "CSupervisor", system]),
        module("EpHTTP", ["EpCore", "EpFiles", "CCurl"]),
        module("EpRemote", ["RemoteAPI", "EpCore", "EpFiles", "EpHTTP", "CZstd", protobuf], link: ["libzstd.a"]),
        module("EpComposition", [
            "EpCore", "EpFiles", "EpPlan", "EpCache", "EpEngine", "EpHistory", "EpDesk", "EpProviders", "EpTools", "EpExecution", "EpHTTP", "EpRemote",
            "EpCards", "EpWebhooks", "PodcastPipeline", "NewsroomPipeline", "NovelPipeline", "VideoPipeline", "DocumentaryPipeline",
        ]),
        .executableTarget(
            name: "epbuild",
            dependencies: [
                "EpComposition",
                "EpCore", "EpFiles", "EpScript", "EpImport", "EpSound", "EpDelivery", "EpText", "EpPlan", "EpCache", "EpEngine", "EpHistory", "EpDesk",
                "EpProviders", "EpTools", "EpExecution", "EpHTTP", "EpRemote", "EpWebhooks", "EpCards", "EpEspeak", "PodcastPipeline", "NewsroomPipeline",
                "NovelPipeline", "VideoPipeline", "DocumentaryPipeline", "CArguments", "CPocketsphinx", arguments,
            ],
            swiftSettings: settings,
            // At a fixed address: a movable one has 77,000 pointers to correct at each start, a fifth of the time that it takes.
            // Nobody asks for its symbols by name, and nothing is loaded that can be a part of it (Scripts/link).
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-Xclang-linker", "-no-pie", "-Xlinker", "--no-export-dynamic", "-Xclang-linker", "-static-libgcc",
                        "-L\(Context.packageDirectory)/Scripts/link",
                        // What a build calls stands side by side (Scripts/order): fewer pages of it are read.
                        "-Xlinker", "--section-ordering-file", "-Xlinker", "\(Context.packageDirectory)/Scripts/link/order",
                    ], .when(configuration: .release))
            ]),
        // Measures the engine alone; built by Scripts/bench only.
        .executableTarget(
            name: "epbuild-bench", dependencies: ["EpCore", "EpPlan", "EpCache", "EpEngine", "EpHTTP", "EpProviders"], path: "Benchmarks/epbuild-bench",
            swiftSettings: settings),
        // What tests of several modules need: servers, temporary directories, and a conformance suite for each seam.
        .target(name: "EpTesting", dependencies: ["EpCore", "EpFiles", "EpHTTP", "EpRemote"], path: "Tests/EpTesting", swiftSettings: settings),
        tests("EpCoreTests", ["EpCore", "RemoteAPI", protobuf]),
        tests("EpScriptTests", ["EpCore", "EpScript"]),
        tests("EpImportTests", ["EpCore", "EpScript", "EpImport", "CZlib"]),
        tests("EpCardsTests", ["EpCore", "EpCards", "CZlib"]),
        tests("EpEspeakTests", ["EpCore", "EpEspeak"]),
        tests("EpSoundTests", ["EpCore", "EpSound"]),
        tests("EpDeliveryTests", ["EpCore", "EpDelivery"]),
        tests("EpOfflineTests", ["EpCore", "EpOffline"]),
        tests("EpTextTests", ["EpText"]),
        tests("EpFilesTests", ["EpCore", "EpFiles"]),
        tests("EpCacheTests", ["EpCore", "EpFiles", "EpCache", "EpTesting"]),
        tests("EpPlanTests", ["EpCore", "EpPlan"]),
        tests("EpEngineTests", ["EpCore", "EpFiles", "EpPlan", "EpCache", "EpEngine"]),
        tests("EpSQLiteTests", ["EpSQLite"]),
        tests("EpHistoryTests", ["EpCore", "EpFiles", "EpPlan", "EpEngine", "EpSQLite", "EpHistory"]),
        tests(
            "EpDeskTests",
            ["EpCore", "EpFiles", "EpDelivery", "EpImport", "EpPlan", "EpCache", "EpEngine", "EpHistory", "EpProviders", "EpTools", "EpExecution", "EpDesk"]),
        tests("EpWebhooksTests", ["EpCore", "EpFiles", "EpPlan", "EpEngine", "EpHTTP", "EpWebhooks"]),
        tests("EpProvidersTests", ["EpCore", "EpFiles", "EpPlan", "EpHTTP", "EpProviders", "EpSound", "EpTesting"]),
        tests("EpToolsTests", ["EpCore", "EpDelivery", "EpFiles", "EpPlan", "EpCache", "EpEngine", "EpExecution", "EpHTTP", "EpOffline", "EpProviders", "EpSound", "EpSQLite", "EpTesting", "EpTools"]),
        tests("EpExecutionTests", ["EpCore", "EpPlan", "EpExecution"]),
        tests("EpHTTPTests", ["EpCore", "EpHTTP", "EpTesting"]),
        tests("EpRemoteTests", ["RemoteAPI", "EpCore", "EpFiles", "EpCache", "EpHTTP", "EpRemote", "EpTesting", protobuf]),
        tests("EpbuildTests", ["EpCore", "EpFiles", "EpPlan", "EpEngine", "EpDesk", "EpProviders", "EpTesting", "EpComposition", "epbuild", subprocess, system]),
    ]
)
