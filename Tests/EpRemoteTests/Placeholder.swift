// Tests of EpRemote.
