import EpCore
import EpProviders

/// What `epbuild providers install` has put on this machine, or should have.
struct InstalledChecks {
    private let patient: Patient
    private let setting: Setting

    init(_ patient: Patient, _ setting: Setting) { (self.patient, self.setting) = (patient, setting) }

    func checks() -> [Check] { Installation.all(in: setting).compactMap(check) }

    /// Nil of what is neither there nor needed.
    private func check(_ installation: Installation) -> Check? {
        let (name, isNeeded) = (installation.what.name, patient.installables.contains(installation.what.name))
        let install = "epbuild providers install \(name)"
        guard let version = installation.version else {
            if isNeeded { return Check(name, .missing, "is not installed, and a provider here is it", remedy: install) }
            guard patient.wished.contains(name) else { return nil }
            return Check(name, .warning, "is not installed: other voices speak in place of it", remedy: install)
        }
        if installation.isCurrent { return Check(name, .ok, "\(version.terminalLine), in \(installation.place)") }
        return Check(name, isNeeded ? .missing : .warning, "\(installation.place) is of another epbuild, or damaged", remedy: install)
    }
}
