//! A small seeded generator, so that a plan with chance in it can be repeated.

use statrs::function::beta::inv_beta_reg;

/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
/// Not for secrets.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Returns the generator whose whole future is decided by `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 up to but not including 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns true with probability one half.
    pub fn coin(&mut self) -> bool {
        self.bits() >> 63 == 1
    }

    /// Draws from Beta(`a`, `b`) by inverting its distribution; both must be above 0.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        inv_beta_reg(a, b, self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_reference_code() {
        let mut random = Random::new(1234567);
        let first: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(first, [6457827717110365317, 3203168211198807973, 9817491932198370423]);
    }

    #[test]
    fn beta_draws_have_their_mean() {
        let mut random = Random::new(5);
        let mean = (0..2000).map(|_| random.beta(2.0, 6.0)).sum::<f64>() / 2000.0;
        assert!((mean - 0.25).abs() < 0.02, "{mean}");
        assert!((0..500).all(|_| (0.0..=1.0).contains(&random.beta(0.05, 1.0))));
    }
}
