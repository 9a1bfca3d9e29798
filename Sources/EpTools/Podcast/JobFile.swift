import EpCore
import EpFiles
import EpPlan
import SystemPackage

/// A file of a job's own that is written piece by piece, for what is too large to be in memory.
final class JobFile {
    private let path: String
    private let descriptor: FileDescriptor
    private var isOpen = true

    /// - Throws: `system`, with its path and a remedy.
    convenience init(_ name: String, of job: Job) throws { try self.init(name, in: job.directory()) }

    /// One of several of a job.
    /// - Parameter directory: the job's own.
    /// - Throws: as ``init(_:of:)``.
    init(_ name: String, in directory: String) throws {
        let path = "\(directory)/\(name)"
        self.path = path
        do {
            descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch let problem as Errno {
            throw Self.explain(problem, path)
        }
    }

    deinit { if isOpen { try? descriptor.close() } }

    func write(_ bytes: [UInt8]) throws {
        do { try descriptor.writeAll(bytes) } catch let problem as Errno { throw Self.explain(problem, path) }
    }

    /// - Returns: its path.
    func close() throws -> String {
        isOpen = false
        do { try descriptor.close() } catch let problem as Errno { throw Self.explain(problem, path) }
        return path
    }

    private static func explain(_ problem: Errno, _ path: String) -> Diagnostic {
        Files.unwritable(path, SystemError(problem.rawValue))
    }
}
