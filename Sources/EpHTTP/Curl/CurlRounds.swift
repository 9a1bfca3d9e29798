import CCurl

/// What the loop's thread does: it starts what may be started, moves what can be moved, ends what has ended, and waits.
/// Of use by that thread alone.
final class CurlRounds {
    /// How a request comes by its connection.
    private enum Way {
        case any
        /// It opens one that speaks HTTP/2 in clear text.
        case opening
        /// It takes one that does, and that is kept.
        case kept
    }

    private struct Going {
        let job: CurlJob
        let transfer: CurlTransfer
        let handle: CurlHandle
        let way: Way
    }

    /// How long a wait lasts at most, in milliseconds: libcurl looks at its clocks meanwhile.
    private static let (shortWait, longWait) = (Int32(1000), Int32(3_600_000))

    private let inbox: CurlInbox
    private let multi: CurlMulti
    private let surroundings: CurlSurroundings
    private let connections: Int
    private var waiting: ArraySlice<CurlJob> = []
    private var going: [UnsafeMutableRawPointer: Going] = [:]
    private var handles: [CurlHandle] = []
    /// How many connections are kept that speak HTTP/2 in clear text, by their origins; of use for old libcurls alone.
    private var kept: [String: Int] = [:]

    /// Nil if libcurl is not there; then all who wait have been told.
    init?(_ inbox: CurlInbox, connections: Int, _ surroundings: CurlSurroundings) {
        guard ccurl_load(), let multi = CurlMulti(connections: 2 * connections) else {
            for job in inbox.giveUp() { job.reply.resume(returning: .failure(HTTPError(.unavailable, "libcurl is missing"))) }
            return nil
        }
        (self.inbox, self.multi, self.surroundings) = (inbox, multi, surroundings)
        self.connections = connections
    }

    func run() {
        while true {
            let mail = inbox.take()
            waiting += mail.jobs
            if mail.hasCancelled { dropCancelled() }
            while going.count < connections, let job = waiting.popFirst() { start(job) }
            _ = ccurl_multi_perform(multi.pointer)
            if endWhatHasEnded() { continue }
            if mail.isClosed, going.isEmpty { return }
            guard inbox.sleep(multi, knowing: mail) else { continue }
            ccurl_multi_wait(multi.pointer, going.isEmpty ? Self.longWait : Self.shortWait)
            inbox.awake()
        }
    }

    private func start(_ job: CurlJob) {
        do throws(HTTPError) {
            try start(job, way(for: job))
        } catch {
            job.reply.resume(returning: .failure(error))
        }
    }

    private func way(for job: CurlJob) -> Way {
        guard job.request.speaksClearHTTP2, !ccurl_reuses_http2() else { return .any }
        return job.isRepeated || kept[job.request.origin, default: 0] == 0 ? .opening : .kept
    }

    private func start(_ job: CurlJob, _ way: Way) throws(HTTPError) {
        guard !job.cancellation.isRequested else { throw HTTPError(.cancelled, "cancelled") }
        guard let handle = handles.popLast() ?? CurlHandle() else { throw HTTPError(.unavailable, "libcurl could not start") }
        let transfer: CurlTransfer
        do throws(HTTPError) {
            transfer = try CurlTransfer(job.request, on: handle, job.cancellation)
            try transfer.begin(surroundings, isKept: way == .kept)
        } catch {
            handles.append(handle)
            throw error
        }
        guard ccurl_multi_add(multi.pointer, handle.pointer) else { throw HTTPError(.unavailable, "libcurl could not start") }
        going[handle.pointer] = Going(job: job, transfer: transfer, handle: handle, way: way)
        if way == .kept { kept[job.request.origin, default: 0] -= 1 }
    }

    /// - Returns: whether there are any.
    private func endWhatHasEnded() -> Bool {
        var hasEnded = false
        var code = CURLE_OK
        while let pointer = ccurl_multi_next(multi.pointer, &code) {
            guard let going = going.removeValue(forKey: pointer) else { continue }
            hasEnded = true
            end(going, code)
        }
        return hasEnded
    }

    private func end(_ going: Going, _ code: CURLcode) {
        ccurl_multi_remove(multi.pointer, going.handle.pointer)
        let outcome = Result { () throws(HTTPError) in try going.transfer.end(code) }
        handles.append(going.handle)
        var job = going.job
        switch (going.way, outcome) {
        case (.any, _), (.opening, .failure): break
        case (_, .success): kept[job.request.origin, default: 0] += 1
        // A connection that was kept may be closed by now, and then libcurl would speak HTTP/1.1 on the next.
        case (.kept, .failure(let error)):
            guard !job.isRepeated, error.mayBeOfAnOldConnection, !job.cancellation.isRequested else { break }
            job.isRepeated = true
            return waiting.insert(job, at: waiting.startIndex)
        }
        job.reply.resume(returning: outcome)
    }

    private func dropCancelled() {
        for (pointer, each) in going where each.job.cancellation.isRequested {
            going[pointer] = nil
            end(each, CURLE_ABORTED_BY_CALLBACK)
        }
        waiting.removeAll { job in
            guard job.cancellation.isRequested else { return false }
            job.reply.resume(returning: .failure(HTTPError(.cancelled, "cancelled")))
            return true
        }
    }
}

extension HTTPError {
    var mayBeOfAnOldConnection: Bool { [.brokenOff, .unreachable].contains(kind) }
}
