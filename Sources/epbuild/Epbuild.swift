import EpCore

@main struct Epbuild {
    static func main() { print(Digest.empty) }
}
