// EpOffline
