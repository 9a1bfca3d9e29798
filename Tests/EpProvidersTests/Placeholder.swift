// Tests of EpProviders.
