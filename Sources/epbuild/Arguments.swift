import CArguments
import EpCore
import Glibc

/// The words of the command line.
enum Arguments {
    /// All that stands behind the program's name.
    /// - Throws: `Diagnostic` on a machine without /proc: libdispatch looks there after threads that wait, and ends the program if it
    ///   is not there; and without words, as to go on would be to do something else than what was asked for.
    static func words() throws(Diagnostic) -> [String] {
        guard access("/proc/self/stat", R_OK) == 0 else {
            throw Diagnostic(
                .unavailable, "/proc is not there: what epbuild is made of cannot work without it",
                remedy: "mount it: `mount -t proc proc /proc`")
        }
        let words = (0..<carguments_count()).compactMap { carguments_word($0).map { String(cString: $0) } }
        let known = words.isEmpty ? CommandLine.arguments : words
        guard !known.isEmpty else {
            throw Diagnostic(.system, "the words of the command line cannot be read", remedy: "see that /proc/self/cmdline can be read")
        }
        return Array(known.dropFirst())
    }
}
