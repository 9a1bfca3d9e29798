public import EpHTTP

extension HTTPTimeouts {
    /// For what has nothing to do with time: beside all other tests, both ends may have to wait for a processor.
    public static let patient = HTTPTimeouts(connect: .seconds(300), stall: .seconds(300), total: .seconds(300))
}
