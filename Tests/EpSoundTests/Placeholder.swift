// Tests of EpSound.
