// EpCache
