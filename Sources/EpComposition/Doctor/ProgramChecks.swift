import EpCards
import EpCore
import EpExecution
import EpPlan
import EpProviders
import Glibc

/// The programs that tools and `command` stages run, and their versions.
struct ProgramChecks {
    private let patient: Patient
    private let runner: ToolRunner
    private let searchPath: String
    private let tools: [any Tool]
    private let vendors: Vendors

    init(_ patient: Patient, _ composition: Composition) {
        self.patient = patient
        searchPath = composition.setting.searchPath
        (tools, vendors) = (composition.tools, composition.vendors)
        runner = ToolRunner(
            tools: composition.tools, searchPath: searchPath, temporaryDirectory: composition.setting.temporaryDirectory,
            ownPath: composition.setting.ownPath)
    }

    func checks() async throws -> [Check] {
        var checks: [Check] = [Check("epbuild", .ok, Version.text)]
        // What `providers install` brings is told of beside them.
        let voices = vendors.voices.flatMap { vendor in
            vendor.programs.filter { !$0.package.isEmpty }.map { ($0, isNeeded: patient.voices.contains(vendor.name)) }
        }
        let others = tools.flatMap { tool in tool.programs.map { ($0, isNeeded: patient.tools.contains(tool.name.text)) } }
        // Several tools run ffmpeg: it is told of once.
        var known: [(program: Program, isNeeded: Bool)] = []
        for (program, isNeeded) in voices + others {
            // Of a program that one may name by hand, only what draws cards is known by its argument.
            let needed = program.versionArguments.first == CardCommand.word ? patient.tools.contains(CardCommand.word) : isNeeded
            if let index = known.firstIndex(where: { $0.program == program }) {
                known[index].isNeeded = known[index].isNeeded || needed
            } else {
                known.append((program, needed))
            }
        }
        for (program, isNeeded) in known {
            checks.append(await check(program, isNeeded: isNeeded || patient.commands.contains(program.name)))
        }
        for name in patient.commands where !(voices + others).contains(where: { $0.0.name == name }) {
            let isThere = searchPath.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
            checks.append(
                isThere
                    ? Check(name, .ok, "is there")
                    : Check(
                        name, .missing, "is missing, and a stage or a provider runs it", remedy: "install it, or add its directory to PATH")
            )
        }
        return checks
    }

    private func check(_ program: Program, isNeeded: Bool) async -> Check {
        do {
            let line = try await runner.version(of: program).line
            // epbuild itself, where it draws: with all the libraries that it draws with.
            if program.name == "epbuild" { return Check("cards", .ok, line.split(separator: "\n").dropFirst().joined(separator: ", ")) }
            return Check(program.name, .ok, String(line.drop { $0 == " " }))
        } catch let problem as Diagnostic {
            let use = isNeeded ? "" : "; no show here needs it"
            let isDrawing = program.name == "epbuild"
            return Check(
                isDrawing ? "cards" : program.name, isNeeded ? .missing : .warning, problem.message + use,
                remedy: isDrawing ? "apt-get install \(program.package)" : problem.remedy)
        } catch {
            return Check(
                program.name, isNeeded ? .missing : .warning, "does not start: \(error)",
                remedy: "apt-get install --reinstall \(program.package)")
        }
    }
}

/// Variables that hold keys and passwords. What they hold is never shown.
struct KeyChecks {
    private let patient: Patient
    private let composition: Composition

    init(_ patient: Patient, _ composition: Composition) { (self.patient, self.composition) = (patient, composition) }

    func checks() -> [Check] {
        var seen: Set<String> = []
        var checks: [Check] = []
        for provider in patient.workspace.map({ composition.vendors.reports(on: $0, composition.services) }) ?? [] {
            // Only the first provider of a tool is asked where no stage names another.
            let isFirst = seen.insert(provider.tool).inserted
            guard let name = provider.keyVariable else { continue }
            let remedy = "export \(name)=…, or write that line into .env beside epbuild.yaml (chmod 600)"
            checks.append(
                provider.hasKey
                    ? Check(name, .ok, "is set")
                    : Check(name, isFirst ? .missing : .warning, "is not set; provider \"\(provider.name)\" needs it", remedy: remedy))
        }
        // A directory asks for no credentials.
        for remote in patient.workspace?.remotes ?? [] where remote.url.lowercased().hasPrefix("http") {
            for name in [remote.tokenVariable, remote.userVariable, remote.passwordVariable].compactMap({ $0 }) {
                checks.append(check(name, "the shared cache \(remote.url) is not used without it", ifUnset: .warning))
            }
        }
        return checks
    }

    private func check(_ name: String, _ use: String, ifUnset state: Check.State) -> Check {
        Setting.variable(name) != nil ? Check(name, .ok, "is set") : Check(name, state, "is not set; \(use)", remedy: "export \(name)=…")
    }
}
