import EpCore

/// The steps of an item, by their names. Most items have a single one, without a name.
struct NamedSteps {
    private var unnamed: StepID?
    private var named: [Path: StepID] = [:]

    subscript(name: String) -> StepID? {
        get { name.isEmpty ? unnamed : named[Path(name)] }
        set { if name.isEmpty { unnamed = newValue } else { named[Path(name)] = newValue } }
    }
}
