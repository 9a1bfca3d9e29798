// EpSound
