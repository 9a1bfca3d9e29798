// EpRemote
