import FoundationEssentials

/// A generator whose seed is printed, and can be given again in `EPBUILD_TEST_SEED`.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(for test: String) {
        let given = ProcessInfo.processInfo.environment["EPBUILD_TEST_SEED"].flatMap { UInt64($0) }
        state = given ?? .random(in: 1 ... .max)
        print("\(test): EPBUILD_TEST_SEED=\(state)")
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
