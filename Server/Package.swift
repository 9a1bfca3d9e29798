// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "epbuild-server",
    products: [.executable(name: "epbuild-server", targets: ["epbuild-server"])],
    dependencies: [
        .package(name: "epbuild", path: ".."),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    ],
    targets: [
        // What a server is without its sockets: pure, and tested within seconds.
        .target(
            name: "ServerCore", dependencies: [.product(name: "EpbuildLibraries", package: "epbuild")],
            resources: ["style.css", "live.js", "lines.js", "keys.js", "sound.js", "waveform.js", "icon.svg"]
                .map { .embedInCode("Assets/\($0)") }, swiftSettings: settings),
        .executableTarget(
            name: "epbuild-server",
            dependencies: ["ServerCore", .product(name: "EpbuildLibraries", package: "epbuild"), .product(name: "Hummingbird", package: "hummingbird")],
            swiftSettings: settings),
        .testTarget(name: "ServerCoreTests", dependencies: ["ServerCore", .product(name: "EpbuildLibraries", package: "epbuild")], swiftSettings: settings),
    ]
)
