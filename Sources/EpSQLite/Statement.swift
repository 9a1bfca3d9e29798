import CSQLite

/// A value that goes into a statement. Money is an integer, never a `real`.
public enum SQLiteValue: Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    public static func integer(_ value: Int) -> SQLiteValue { .integer(Int64(value)) }
    public static func text(_ value: String?) -> SQLiteValue { value.map { .text($0) } ?? .null }
}

/// A prepared statement; while it is stepped, the row that it stands at. Columns count from 0.
public final class Statement {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { sqlite3_finalize(handle) }

    public func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    /// Nil for NULL.
    public func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    public func int(_ column: Int32) -> Int { Int(integer(column)) }
    public func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }
    public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    /// "" for NULL.
    public func text(_ column: Int32) -> String { optionalText(column) ?? "" }

    public func optionalText(_ column: Int32) -> String? {
        guard let start = sqlite3_column_text(handle, column) else { return nil }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
    }

    func bind(_ values: [SQLiteValue]) {
        precondition(values.count == Int(sqlite3_bind_parameter_count(handle)), "a statement needs one value for each parameter")
        for (index, value) in values.enumerated() { bind(value, at: Int32(index + 1)) }
    }

    func step() -> Int32 { sqlite3_step(handle) }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    private func bind(_ value: SQLiteValue, at index: Int32) {
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .real(let number): sqlite3_bind_double(handle, index, number)
        case .text(let text): sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), Self.copied)
        }
    }

    /// SQLITE_TRANSIENT, a macro that Swift does not import: SQLite copies the text before the call returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
