// EpScript
