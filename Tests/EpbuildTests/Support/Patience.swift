import Testing

/// Waiting for what will come. However busy the machine is: who waits for something that does not come has a bound of minutes.
enum Patience {
    private static let pause = Duration.milliseconds(10)
    private static let limit = Duration.seconds(300)

    /// - Returns: false if it has not come.
    @discardableResult
    static func wait(until hasCome: () throws -> Bool) async throws -> Bool {
        let start = ContinuousClock.now
        while try !hasCome() {
            guard ContinuousClock.now - start < limit else { return false }
            try await Task.sleep(for: pause)
        }
        return true
    }
}
