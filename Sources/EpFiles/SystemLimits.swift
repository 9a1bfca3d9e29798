import Glibc

/// What the system allows this process and its user to have; nil: any number.
public enum SystemLimits {
    /// Open files and connections of this process.
    public static var descriptors: Int? { limit(RLIMIT_NOFILE) }
    /// Processes and threads of the user.
    public static var processes: Int? { limit(__RLIMIT_NPROC) }

    private static func limit(_ resource: __rlimit_resource) -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
        // "Infinity" is the greatest number, which does not fit.
        return Int(exactly: limit.rlim_cur)
    }
}
