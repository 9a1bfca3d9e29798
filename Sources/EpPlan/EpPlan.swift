// EpPlan
