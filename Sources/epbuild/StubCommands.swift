import ArgumentParser
struct ScriptCommand: AsyncParsableCommand { static let configuration = CommandConfiguration(commandName: "script") ; func run() async throws {} }
struct CacheCommand: AsyncParsableCommand { static let configuration = CommandConfiguration(commandName: "cache") ; func run() async throws {} }
