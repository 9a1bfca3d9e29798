// EpProviders
