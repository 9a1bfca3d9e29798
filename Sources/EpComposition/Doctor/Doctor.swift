/// Looks at programs, keys, the cache, disk space, shared caches and the cluster, as the shows at a path need them.
///
/// Asks nobody who takes money.
public struct Doctor {
    private let patient: Patient
    private let composition: Composition

    /// - Throws: `Diagnostic` (usage) if there is no such directory, or what is wrong in a file of the workspace or a show.
    public init(_ path: String, _ composition: Composition) throws {
        self.composition = composition
        patient = try Patient(path, composition)
    }

    /// What was found, well or not.
    public func checks() async throws -> [Check] {
        var checks = try await ProgramChecks(patient, composition).checks()
        checks += InstalledChecks(patient, composition.setting).checks()
        checks += KeyChecks(patient, composition).checks()
        checks += CacheChecks(patient, composition.setting).checks()
        checks += await RemoteChecks(patient).checks()
        checks += await ClusterChecks(patient, composition.setting).checks()
        return checks + ClockCheck().checks()
    }
}
