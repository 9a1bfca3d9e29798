// Tests of EpEngine.
