import Testing

@testable import EpExecution

/// What enters the address of every line that a program speaks.
@Suite struct VersionLineTests {
    @Test(arguments: [
        (
            "  Carnegie Mellon University, Copyright (c) 1999-2016, all rights reserved\n  version: flite-2.2-current Sep 2018 (http://cmuflite.org)\n",
            "version: flite-2.2-current Sep 2018 (http://cmuflite.org)"
        ),
        (
            "eSpeak NG text-to-speech: 1.51  Data at: /usr/lib/x86_64-linux-gnu/espeak-ng-data\n",
            "eSpeak NG text-to-speech: 1.51  Data at: /usr/lib/x86_64-linux-gnu/espeak-ng-data"
        ),
        (
            "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers\nbuilt with gcc 12 (Debian 12.2.0-14+deb12u1)\n",
            "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers"
        ),
        ("\n \nsort (GNU coreutils) 9.1\nCopyright (C) 2022\n", "sort (GNU coreutils) 9.1"),
        ("warning: no display 0\nviewer 3.2\n", "viewer 3.2"),
    ])
    func ofRealPrograms(_ printed: String, _ line: String) {
        #expect(VersionAnswer(output: printed, errors: "noise 1.0\n", isSuccess: false).line == line)
        #expect(VersionAnswer(output: "\n", errors: printed, isSuccess: true).line == line)
    }

    @Test(arguments: [
        "\n", "Failed to create secure directory (//.config/pulse): errno 13\n", "usage: tool 1.2 [-h]\n",
        "tool: unrecognized option '--version2'\n", "speaker\n",
    ])
    func whatIsNoVersionIsRefused(_ printed: String) {
        #expect(VersionAnswer(output: printed, errors: "", isSuccess: true).line == nil)
        #expect(VersionAnswer(output: "", errors: printed, isSuccess: true).line == nil)
    }

    /// An error text that names a version is none.
    @Test func whatAProgramComplainsOfIsNoVersion() {
        #expect(VersionAnswer(output: "", errors: "shim: speaker 3.1 is to be set up first\n", isSuccess: false).line == nil)
    }
}
