// Tests of EpPlan.
