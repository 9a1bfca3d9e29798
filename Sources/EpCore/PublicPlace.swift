/// Where the public reads what was made: a directory that a web server serves, or a bucket. The seam between publishing and every such
/// place.
///
/// Paths are relative and clean. A file appears under its path in one step, when all of it is there, and replaces what stood there. All
/// operations may
/// be called from many tasks at once. What goes wrong is a `Diagnostic` that names the place.
public protocol PublicPlace: Sendable {
    /// How a person knows the place: a path or a URL, without credentials.
    var name: String { get }

    /// What stands under a path; nil if there is nothing, or the place cannot tell what it is.
    func digest(at path: String) async throws(Diagnostic) -> Digest?

    /// The bytes of a small file; nil if there is none.
    func read(_ path: String) async throws(Diagnostic) -> [UInt8]?

    /// Puts a file of this machine there.
    /// - Throws: also if the file is not what the digest says.
    func put(_ file: Digest, from source: String, at path: String) async throws(Diagnostic)

    /// Puts a small file there.
    func put(_ bytes: [UInt8], at path: String) async throws(Diagnostic)

    /// Takes a file away. It may be gone already.
    func remove(_ path: String) async throws(Diagnostic)
}
