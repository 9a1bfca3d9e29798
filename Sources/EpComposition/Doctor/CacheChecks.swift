import EpCache
import EpCore
import EpFiles
import Glibc

/// The local cache, and the space where it and the episodes lie.
struct CacheChecks {
    private let patient: Patient
    private let setting: Setting
    /// An episode of an hour needs some hundred MiB while it is made.
    private static let lowBytes: Int64 = 1 << 30
    private static let tooLowBytes: Int64 = 64 << 20

    init(_ patient: Patient, _ setting: Setting) {
        self.patient = patient
        self.setting = setting
    }

    func checks() -> [Check] {
        [cache, writable, space("space for the cache", setting.cachePath), space("space for episodes", patient.directory)].compactMap { $0 }
    }

    private var cache: Check {
        do throws(Diagnostic) {
            let info = try DiskCache(path: setting.cachePath).info()
            let size = "\(setting.cachePath): \(info.entries) results, \(info.blobs) blobs, \(Size.text(info.bytes))"
            guard info.damagedFiles > 0 else { return Check("cache", .ok, size) }
            return Check(
                "cache", .warning, "\(size), \(info.damagedFiles) damaged files set aside",
                remedy: "epbuild cache verify; if it finds more, check the disk")
        } catch {
            return Check(
                "cache", .missing, error.message, remedy: error.remedy ?? "make it writable, or set EPBUILD_CACHE to a directory that is")
        }
    }

    private var writable: Check? {
        guard patient.workspace != nil, access(patient.directory, W_OK) != 0 else { return nil }
        return Check(
            "workspace", .missing, "\(patient.directory) cannot be written",
            remedy: "make it writable for you: out/ and .epbuild/ are written there")
    }

    /// Nil if the file system does not tell.
    private func space(_ subject: String, _ path: String) -> Check? {
        var status = statvfs()
        guard statvfs(path, &status) == 0, status.f_blocks > 0 else { return nil }
        let bytes = Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
        let message = "\(Size.text(bytes)) free at \(path)"
        if bytes >= Self.lowBytes { return Check(subject, .ok, message) }
        return Check(
            subject, bytes < Self.tooLowBytes ? .missing : .warning, message,
            remedy: "free some; `epbuild cache gc --size 1G` trims the cache")
    }
}

/// A clock that is years behind trusts no certificate, and dates episodes wrongly.
struct ClockCheck {
    /// 2026-01-01: this epbuild is not older.
    private static let earliest: Int64 = 1_767_225_600

    func checks() -> [Check] {
        if Moment.now.wholeSeconds >= Self.earliest { return [] }
        return [Check("clock", .warning, "stands before this program was made", remedy: "set the date and time of this machine")]
    }
}
