//! Makes cargo notice a new file in `signatures/`, which is embedded and which the compiler cannot see.

fn main() {
    println!("cargo::rerun-if-changed=signatures");
}
