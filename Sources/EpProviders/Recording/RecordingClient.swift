public import EpCore
import EpFiles
public import EpHTTP
import Synchronization

/// Writes every exchange with services into a directory, so that a whole show can be shown and tested without them.
public final class RecordingClient: HTTPClient {
    private let base: any HTTPClient
    private let directory: String
    private let counts = Mutex<[String: Int]>([:])

    /// - Parameters:
    ///   - base: that asks.
    ///   - directory: absolute; made if it is not there.
    public init(_ base: any HTTPClient, into directory: String) throws(Diagnostic) {
        (self.base, self.directory) = (base, directory)
        try Files.makeDirectory(directory)
    }

    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let response = try await base.send(request)
        let name = RecordedExchange.name(of: request)
        let number = counts.withLock { counts in
            counts[name, default: 0] += 1
            return counts[name, default: 1]
        }
        let text = RecordedExchange(request: request, response: response).json(without: Self.secrets(of: request))
        do throws(Diagnostic) { try Files.replace("\(directory)/\(name)-\(number).json", with: Array(text.utf8)) } catch {
            throw HTTPError(.file, "it cannot be recorded: \(error.message)")
        }
        return response
    }

    /// What a request shows to be let in.
    private static func secrets(of request: HTTPRequest) -> Set<String> {
        Set(
            ["Authorization", "x-api-key", "x-goog-api-key", "xi-api-key"].compactMap { request.headers[$0] }.map {
                $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : $0
            })
    }
}

/// Answers from what was recorded, and refuses what was not: nothing is sent.
public final class ReplayingClient: HTTPClient {
    private let directory: String
    private let counts = Mutex<[String: Int]>([:])

    /// - Parameter directory: absolute.
    /// - Throws: `Diagnostic` (usage) if there is none.
    public init(from directory: String) throws(Diagnostic) {
        self.directory = directory
        guard FileStatus(directory, followingLink: true)?.isDirectory == true else {
            throw Diagnostic(.usage, "there is no directory \(directory) to replay from", remedy: "record into it first: --record")
        }
    }

    /// The same question is answered as often as it was recorded, in that order, and then as the last time.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let name = RecordedExchange.name(of: request)
        let number = counts.withLock { counts in
            counts[name, default: 0] += 1
            return counts[name, default: 1]
        }
        for number in stride(from: number, to: 0, by: -1) {
            guard let bytes = (try? Files.read("\(directory)/\(name)-\(number).json")) ?? nil else { continue }
            guard let response = RecordedExchange.response(bytes, to: request) else {
                throw HTTPError(.file, "\(name)-\(number).json in \(directory) is no recorded exchange")
            }
            return response
        }
        throw HTTPError(.file, "\(request) was not recorded in \(directory) as it is asked now")
    }
}
