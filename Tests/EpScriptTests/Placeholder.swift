// Tests of EpScript.
