import Testing

@testable import EpProviders

/// What enters the address of every line that a program speaks.
@Suite struct VersionLineTests {
    @Test func ofRealPrograms() {
        let flite = "  Carnegie Mellon University, Copyright (c) 1999-2016, all rights reserved\n  version: flite-2.2-current Sep 2018 (http://cmuflite.org)\n"
        #expect(ProgramRunner.versionLine(flite) == "version: flite-2.2-current Sep 2018 (http://cmuflite.org)")
        let espeak = "eSpeak NG text-to-speech: 1.51  Data at: /usr/lib/x86_64-linux-gnu/espeak-ng-data\n"
        #expect(ProgramRunner.versionLine(espeak) == "eSpeak NG text-to-speech: 1.51  Data at: /usr/lib/x86_64-linux-gnu/espeak-ng-data")
        let ffmpeg = "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers\nbuilt with gcc 12 (Debian 12.2.0-14+deb12u1)\nconfiguration: --prefix=/usr\n"
        #expect(ProgramRunner.versionLine(ffmpeg) == "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers")
        #expect(ProgramRunner.versionLine("\n \nsort (GNU coreutils) 9.1\nCopyright (C) 2022\n") == "sort (GNU coreutils) 9.1")
        #expect(ProgramRunner.versionLine("\n") == nil)
    }
}
