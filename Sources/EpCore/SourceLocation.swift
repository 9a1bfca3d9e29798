/// A place in a file that a person wrote.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// As it is shown: relative to where the person stands, if possible.
    public var file: String
    /// From 1; 0 if the place is the file as a whole.
    public var line: Int
    /// In characters (Unicode scalars), from 1; 0 if unknown.
    public var column: Int

    public init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    public var description: String {
        if line == 0 { return file }
        return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
    }
}
