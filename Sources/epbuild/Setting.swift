import EpCore
import EpEngine
import EpPlan
import Glibc

/// What the program takes from its surroundings. The one place where the environment is read.
struct Setting {
    /// The working directory.
    let directory: String
    let cachePath: String

    init() {
        directory = getcwd(nil, 0).map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        } ?? "/"
        let home = Self.variable("HOME") ?? "/tmp"
        let base = Self.variable("XDG_CACHE_HOME") ?? "\(home)/.cache"
        let path = Self.variable("EPBUILD_CACHE") ?? "\(base)/epbuild"
        cachePath = path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    /// Another epbuild, or another cache, does not trust a memo.
    var fingerprint: String {
        var status = stat()
        stat("/proc/self/exe", &status)
        return "\(Version.text) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(cachePath)"
    }

    var searchPath: String { Self.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin" }

    static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}

/// Time that only goes forward.
enum Clock {
    /// Seconds since some moment.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
