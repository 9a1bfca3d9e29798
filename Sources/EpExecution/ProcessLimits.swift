import CSupervisor
public import EpCore
import Glibc

/// What this process needs of the system before anything else.
public enum ProcessLimits {
    /// Threads beside those of Swift's pool, which has one a processor.
    private static let otherThreads = 4
    /// Descriptors without which nothing can be begun: libdispatch opens some of its own, and ends the process where it gets none.
    public static let fewestDescriptors = 8
    /// In bytes.
    private static let largeTable: Int32 = 512 << 10

    /// Raises the number of descriptors that this process may have (its programs get what was allowed before), and explains an end for want
    /// of memory. To be called once, at the start.
    /// - Parameters:
    ///   - runsPrograms: true if this process is likely to run a program.
    ///   - descriptors: how many it cannot do without.
    /// - Returns: what to tell a person if the system has not enough descriptors, threads or memory.
    public static func prepare(runsPrograms: Bool = false, descriptors: Int = fewestDescriptors) -> Diagnostic? {
        prepare_process()
        // Large tables are let go of at once. Else the C library, once it has seen one go, keeps such room for later.
        return_memory_of(Self.largeTable)
        explain_lack_of_memory()
        if runsPrograms {
            Supervisors.shared.prepare()
            make_pages_of_variables()
        }
        let processors = max(1, min(32, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let lacking: (what: String, remedy: String)? =
            if !has(descriptors: descriptors) {
                ("descriptors", "close files of other programs, or raise the limit of open files (`ulimit -n`)")
            } else if room_is_available() == 0 {
                ("memory", "end other programs, or raise the limit of memory (`ulimit -v`)")
            } else if threads_are_available(Int32(processors + otherThreads)) == 0 {
                ("threads", "end other programs, or raise the limits of processes and memory (`ulimit -u`, `ulimit -v`)")
            } else {
                nil
            }
        return lacking.map { Diagnostic(.system, "the system has not got the \($0.what) that epbuild needs", remedy: $0.remedy) }
    }

    /// True if descriptors may run out in the midst of a build.
    public static var allowsFewDescriptors: Bool { sysconf(Int32(_SC_OPEN_MAX)) < 256 }

    private static func has(descriptors count: Int) -> Bool {
        let descriptors = (0..<count).map { _ in dup(STDERR_FILENO) }.filter { $0 >= 0 }
        descriptors.forEach { close($0) }
        return descriptors.count == count
    }
}
