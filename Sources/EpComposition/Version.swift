/// What epbuild calls itself.
public enum Version {
    public static let text = "epbuild 0.1.0"
}
