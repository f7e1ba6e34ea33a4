//! The amplifiers, one file each.

mod beside;
mod clean_tree;
mod clock_rate;
mod clock_shift;
mod clock_still;
mod cpu_hogs;
mod cpu_quota;
pub(super) mod delay;
mod descriptor_limit;
mod device_pin;
mod dirty_tree;
mod disk_limit;
mod gc_pressure;
pub(super) mod generator_seed;
mod io_load;
mod locale_sweep;
mod memory_limit;
mod network_delay;
mod network_loss;
mod no_reset;
mod one_cpu;
mod order_replay;
mod order_shuffle;
mod own_network;
mod parallel;
mod polluter_pair;
mod port_limit;
mod repeat;
mod scheduling_noise;
mod seed_replay;
mod seed_sweep;
mod timeout_scale;
mod whole_suite;

use super::Amplifier;

/// Every amplifier, by name.
static ALL: [&dyn Amplifier; 33] = [
    &beside::Beside,
    &clean_tree::CleanTree,
    &clock_rate::ClockRate,
    &clock_shift::ClockShift,
    &clock_still::ClockStill,
    &cpu_hogs::CpuHogs,
    &cpu_quota::CpuQuota,
    &delay::Delay,
    &descriptor_limit::DescriptorLimit,
    &device_pin::DevicePin,
    &dirty_tree::DirtyTree,
    &disk_limit::DiskLimit,
    &gc_pressure::GcPressure,
    &generator_seed::GeneratorSeed,
    &io_load::IoLoad,
    &locale_sweep::LocaleSweep,
    &memory_limit::MemoryLimit,
    &network_delay::NetworkDelay,
    &network_loss::NetworkLoss,
    &no_reset::NoReset,
    &one_cpu::OneCpu,
    &order_replay::OrderReplay,
    &order_shuffle::OrderShuffle,
    &own_network::OwnNetwork,
    &parallel::Parallel,
    &polluter_pair::PolluterPair,
    &port_limit::PortLimit,
    &repeat::Repeat,
    &scheduling_noise::SchedulingNoise,
    &seed_replay::SeedReplay,
    &seed_sweep::SeedSweep,
    &timeout_scale::TimeoutScale,
    &whole_suite::WholeSuite,
];

/// Returns every amplifier, by name.
#[cfg(test)]
pub fn all() -> &'static [&'static dyn Amplifier] {
    &ALL
}

/// Returns the amplifier called `name`.
pub fn find(name: &str) -> Option<&'static dyn Amplifier> {
    ALL.iter().copied().find(|amplifier| amplifier.name() == name)
}

#[cfg(test)]
mod tests;
