// Tests of EpCache.
