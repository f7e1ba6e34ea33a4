//! One line of a stack, in the dialects of the languages.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex};

use super::event::Frame;

/// How each dialect writes a frame. The first that fits wins, so the pickier stand first.
const DIALECTS: &[&str] = &[
    // Python.
    r#"^\s*File "(?P<file>[^"]*)", line (?P<line>\d+)(?:, in (?P<function>.+))?"#,
    // Sanitizers, gdb, libbacktrace: `#1 0x12 in f(int) /src/a.c:12:3`, `#2 f /src/a.c:68 (mod+0x1)`.
    r"^\s*(?:=\s+)?#\d+ +(?:0x[0-9a-fA-F]+ )?(?:in )?(?P<function><null>|<unknown>|[^\s].*?) (?:at )?(?P<file>(?:[\w.+@~-]*[/\\])*[\w.+~-]+\.\w+|<null>):(?P<line>\d+)(?::\d+)?(?:\s|$)",
    // PHP: `#0 /app/a.php(12): f()`.
    r"^\s*#\d+ (?P<file>/[^(]+)\((?P<line>\d+)\): (?P<function>.+?)\(",
    // Native frames without a line: `#3 0x7f in abort (/lib/libc.so.6+0x1)`, `#3 0x7f in f`.
    r"^\s*(?:=\s+)?#\d+ +(?:0x[0-9a-fA-F]+ )?(?:in )?(?P<function><null>|<unknown>|[^\s(].*?)(?: <null>)?(?: \((?P<file>[^()]*?)(?:\+0x[0-9a-fA-F]+)?\)(?: \(BuildId: \w+\))?)?(?: from \S+)?\s*$",
    // Firefox: `#01: mozilla::f(int) [dom/f.cpp:12]`.
    r"^\s*#\d+: (?P<function>.+?) \[(?P<file>[^\]]+?)(?::(?P<line>\d+))?(?: \+ 0x[0-9a-f]+)?\]\s*$",
    // Go race detector and dumps: the function line and its place are joined by the caller.
    r"^\s+(?P<file>\S+\.(?:go|s)):(?P<line>\d+)(?: \+0x[0-9a-f]+)?$",
    // C#.
    r"^\s*at (?P<function>[^()]+)\([^()]*\) in (?P<file>.*):line (?P<line>\d+)",
    // PowerShell.
    r"^\s*at (?P<function><?[\w-]+>?), (?P<file>.*?): ?(?:line )?(?P<line>\d+)",
    // Java, Kotlin, Scala, Groovy.
    r"^\s*at (?:[\w.$@-]+/)*(?P<function>[\w.$<>]+)\((?P<file>[^:()]*)(?::(?P<line>\d+))?\)",
    // JavaScript.
    r"^\s*at (?:async )?(?:new )?(?P<function>[^()]+?) \((?P<file>.*?):(?P<line>\d+)(?::\d+)?\)",
    r"^\s*at (?P<file>[^\s()]+?):(?P<line>\d+):\d+$",
    r"^\s*at (?P<function>[\w.$<>`\[\], ]+)\(.*\)$",
    // Rust: the place stands on the next line.
    r"^\s+\d+: +(?:0x[0-9a-f]+ - )?(?P<function>[\w<{].*)$",
    r"^\s+at (?P<file>\S+):(?P<line>\d+):\d+$",
    // Ruby.
    r"^\s*(?:from )?(?P<file>\S+\.\w+|\S+):(?P<line>\d+):in [`'](?P<function>[^`']+)'",
    // Valgrind.
    r"^\s*==\d+==\s+(?:at|by) 0x[0-9A-Fa-f]+: (?P<function>.+?) \((?:in )?(?P<file>[^:()]*)(?::(?P<line>\d+))?\)",
    // Linux kernel, 32-bit Arm first.
    r"^\s*(?:\[<[0-9a-f]+>\] )?\((?P<function>[\w.]+)\) from \[<",
    r"^\s*(?:\[<[0-9a-f]+>\] )?(?:\? )?(?P<function>[\w.]+)\+0x[0-9a-f]+/0x[0-9a-f]+(?: (?P<file>\S+):(?P<line>\d+))?",
    // Lua.
    r"^\s*\[C\]: in (?:function )?'?(?P<function>[^']*)'?",
    r"^\s*(?P<file>\S+?):(?P<line>\d+): in (?:local |upvalue |field |method )?(?:function )?[<'](?P<function>[^'>]*)",
    // Elixir and Erlang.
    r"^\s+\((?P<module>\S+) \d[\d.]*\) (?P<file>\S+):(?P<line>\d+): (?P<function>\S+)",
];

/// Reads `text` as a frame, or returns `None` if it is none.
pub fn frame(text: &[u8]) -> Option<Frame> {
    dialects().iter().find_map(|dialect| dialect.captures(text)).map(|captures| read(&captures))
}

/// Reads a Go or Java-like function line that stands alone before its place: `pkg.(*T).f(...)`.
pub fn go_function(text: &[u8]) -> Option<String> {
    static FORM: OnceLock<Regex> = OnceLock::new();
    let form = FORM.get_or_init(|| compile(r"^\s*(?:created by )?(?P<function>[\w./\-%]+(?:\.\(\*?[\w\[\].,]+\))?(?:\.[\w\[\].]+)*(?:\.func\d+(?:\.\d+)*)?)(?:\(.*\)| in goroutine \d+)?$"));
    let function = form.captures(text)?.name("function")?;
    let function = String::from_utf8_lossy(function.as_bytes());
    function.contains('.').then(|| function.into_owned())
}

fn read(captures: &Captures<'_>) -> Frame {
    let text = |name| captures.name(name).map(|part| String::from_utf8_lossy(part.as_bytes()).into_owned());
    Frame {
        function: plain_function(&text("function").unwrap_or_default()),
        file: text("file").unwrap_or_default(),
        line: text("line").and_then(|line| line.parse().ok()),
    }
}

/// Returns a function's name without arguments, template arguments, hashes and offsets.
pub fn plain_function(function: &str) -> String {
    let demangled = rustc_demangle::try_demangle(function).map(|name| format!("{name:#}"));
    let name = demangled.unwrap_or_else(|_| native_name(function));
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0usize;
    for character in name.trim().chars() {
        match character {
            '<' if !plain.is_empty() && !plain.ends_with(['.', ' ']) => depth += 1,
            '>' if depth > 0 => depth -= 1,
            '(' if depth == 0 && !plain.is_empty() && !plain.ends_with(['.', ' ']) => break,
            _ if depth > 0 => {}
            _ => plain.push(character),
        }
    }
    let end = plain.find("+0x").unwrap_or(plain.len());
    plain.truncate(end);
    plain.trim_end().to_owned()
}

fn native_name(function: &str) -> String {
    if !function.starts_with("_Z") {
        return function.to_owned();
    }
    cpp_demangle::Symbol::new(function)
        .ok()
        .and_then(|symbol| symbol.demangle().ok())
        .unwrap_or_else(|| function.to_owned())
}

fn dialects() -> &'static [Regex] {
    static REGEXES: OnceLock<Vec<Regex>> = OnceLock::new();
    REGEXES.get_or_init(|| DIALECTS.iter().map(|form| compile(form)).collect())
}

fn compile(form: &str) -> Regex {
    Regex::new(&format!("(?-u){form}")).unwrap_or_else(|error| panic!("frame dialect {form}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, function: &str, file: &str, line: Option<u32>) {
        let expected = Frame { function: function.into(), file: file.into(), line };
        assert_eq!(frame(text.as_bytes()), Some(expected), "{text}");
    }

    #[test]
    fn each_dialect_reads_its_own() {
        check(r#"  File "/w/test_a.py", line 12, in test_ring"#, "test_ring", "/w/test_a.py", Some(12));
        check("    #1 0x5583 in ring::push(int) /src/ring.cc:40:7", "ring::push", "/src/ring.cc", Some(40));
        check("    #0 main._omp_fn.0 /w/sum.c:68 (sum+0x1339)", "main._omp_fn.0", "/w/sum.c", Some(68));
        check("    #1 <null> <null> (libgomp.so.1+0x1cd8d)", "<null>", "libgomp.so.1", None);
        check(
            "#0 /app/Kernel.php(31): App\\Kernel->boot()",
            "App\\Kernel->boot",
            "/app/Kernel.php",
            Some(31),
        );
        check("\tat org.acme.Ring.push(Ring.java:31)", "org.acme.Ring.push", "Ring.java", Some(31));
        check("    at Ring.push (/w/ring.js:3:9)", "Ring.push", "/w/ring.js", Some(3));
        check("   at Acme.Ring.Push(Int32 n) in /w/Ring.cs:line 9", "Acme.Ring.Push", "/w/Ring.cs", Some(9));
        check("\tfrom /w/ring.rb:9:in `push'", "push", "/w/ring.rb", Some(9));
        check("==12==    at 0x483: push (ring.c:9)", "push", "ring.c", Some(9));
        check(" ring_push+0x84/0x104 net/ring.c:9", "ring_push", "net/ring.c", Some(9));
        check("[<80b1>] (ring_push) from [<80134>] (panic+0x104/0x2cc)", "ring_push", "", None);
        check("   3: acme::ring::push", "acme::ring::push", "", None);
    }

    #[test]
    fn names_lose_arguments_templates_and_offsets() {
        assert_eq!(plain_function("std::vector<int, std::alloc<int>>::push(int)"), "std::vector::push");
        assert_eq!(plain_function("(anonymous namespace)::f(int)"), "(anonymous namespace)::f");
        assert_eq!(plain_function("main.(*Ring).Push(0x1, 0x2)"), "main.(*Ring).Push");
        assert_eq!(plain_function("_ZN4ring4pushEi"), "ring::push");
    }
}
