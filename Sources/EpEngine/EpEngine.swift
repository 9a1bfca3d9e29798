// EpEngine
