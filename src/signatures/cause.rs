//! Why failures happen: the causes of the contract.

words! {
    /// Why a failure happened.
    Cause {
        /// The order or overlap of two actors was not what the code assumed.
        Race = "race",
        /// Actors wait for one another in a cycle.
        Deadlock = "deadlock",
        /// Work that went on did not end before a limit that is too short for it.
        Timeout = "timeout",
        /// Progress stopped and nothing tells why.
        Hang = "hang",
        /// Other load took the processor, disk or device.
        Contention = "contention",
        /// A link was down, not trained, or lost messages.
        Link = "link",
        /// The device is at fault.
        Hardware = "hardware",
        /// The device's firmware or driver is at fault.
        Firmware = "firmware",
        /// Memory ran out.
        OutOfMemory = "out-of-memory",
        /// Disk, descriptors, ports, threads or a quota ran out.
        Exhaustion = "exhaustion",
        /// Use after free, overflow, a wild pointer.
        MemoryCorruption = "memory-corruption",
        /// State left by another test or run.
        OrderDependence = "order-dependence",
        /// The test itself asserts too much.
        TestDefect = "test-defect",
        /// It depends on time, a seed or the order of iteration.
        Randomness = "randomness",
        /// An outside service or a download failed.
        Network = "network",
        /// The machinery of the CI system failed.
        Infrastructure = "infrastructure",
        /// This machine differs from the others.
        Environment = "environment",
        /// The program or the build is wrong: it would fail every time.
        Defect = "defect",
        /// Nothing speaks for any of the others.
        Unknown = "unknown",
    }
}
