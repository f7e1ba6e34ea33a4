//! What the table engine refuses, in plain words.

/// A table and its columns.
type Table<'t> = (&'t str, Vec<String>);

/// Refuses what asks nothing.
///
/// # Errors
/// If the statement begins with no word that asks.
pub fn check_question(statement: &str) -> Result<(), String> {
    let first = statement.trim_start_matches(|letter: char| letter == '(' || letter.is_whitespace());
    let first = first.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    match first.to_lowercase().as_str() {
        "drop" | "delete" | "truncate" | "create" | "insert" | "update" | "alter" => {
            Err(format!("{} changes something, and there is nothing to change here: ask with SELECT", first))
        }
        "" => Err("there is no question: ask with SELECT, such as SELECT test, failed, ran FROM clusters"
            .to_owned()),
        _ => Ok(()),
    }
}

/// Returns why a statement was refused, with the name that may have been meant. `said` are the words of the engine.
pub fn in_plain_words(message: &str, tables: &[Table<'_>]) -> String {
    let lower = message.to_lowercase();
    let quoted = quoted(message).unwrap_or_default();
    if lower.contains("unsupported function") {
        return format!("there is no function `{quoted}` here{}", instead(&quoted.to_lowercase()));
    }
    if lower.contains("unable to find column") || lower.starts_with("not found") {
        let having = tables.iter().filter(|(_, columns)| columns.iter().any(|column| column == quoted));
        let having: Vec<String> = having.map(|(table, _)| format!("`{table}`")).collect();
        return match having.is_empty() {
            true => {
                let names = tables.iter().flat_map(|(_, columns)| columns.iter().map(String::as_str));
                format!("there is no column `{quoted}`{}", meant(quoted, names))
            }
            false => format!("this table has no column `{quoted}`; {} has one", having.join(" and ")),
        };
    }
    if lower.contains("relation") && lower.contains("was not found") {
        let names = tables.iter().map(|(table, _)| *table);
        return format!("there is no table `{quoted}`{}", meant(quoted, names));
    }
    if let Some(at) = lower.find("parser error:") {
        let why = message.get(at + "parser error:".len()..).unwrap_or_default();
        return format!("this is not SQL that can be read: {}", why.trim());
    }
    format!("this cannot be answered: {message}")
}

/// Returns the first name in quotes.
fn quoted(text: &str) -> Option<&str> {
    let start = text.find(['\'', '"'])?;
    let (quote, rest) = (text.get(start..=start)?, text.get(start + 1..)?);
    rest.split(quote).next()
}

/// Letters by which a slip of the keyboard differs at the most.
const SLIP: usize = 2;

fn meant<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let near = names.map(|other| (strsim::damerau_levenshtein(name, other), other)).min();
    match near.filter(|(distance, _)| *distance <= SLIP) {
        Some((_, other)) => format!("; `{other}` may be meant"),
        None => String::new(),
    }
}

/// Returns what serves for a function that the engine lacks.
fn instead(function: &str) -> &'static str {
    match function {
        "date_trunc" | "time_bucket" | "datetrunc" | "to_char" | "date_format" | "week" | "yearweek" => {
            "; the columns `day` and `week` hold the day and the week of a time, and \
             `STRFTIME(time, '%Y-%m-%d %H:00')` cuts it as you like"
        }
        "now" | "current_date" | "getdate" | "current_timestamp" => {
            "; write the day, as in `time >= '2026-10-01'`"
        }
        "percentile_cont" | "percentile" | "quantile" => "; there is QUANTILE_CONT(value, 0.9)",
        "group_concat" | "listagg" => "; there is STRING_AGG(text, ', ')",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_wrong_and_what_may_be_meant() {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let tables = [("occurrences", columns(&["host", "time"])), ("runs", columns(&["job", "time"]))];
        for (message, words) in [
            (
                "unable to find column \"hosts\"; valid columns: [\"host\"]",
                "there is no column `hosts`; `host` may be meant",
            ),
            (
                "relation 'occurences' was not found",
                "there is no table `occurences`; `occurrences` may be meant",
            ),
            (
                "unable to find column \"job\"; valid columns: [\"host\"]",
                "this table has no column `job`; `runs` has one",
            ),
            ("relation 'xyzzy' was not found", "there is no table `xyzzy`"),
            (
                "sql parser error: Expected: an SQL statement, found: SELEC at Line: 1, Column: 1",
                "this is not SQL that can be read: Expected: an SQL statement, found: SELEC at Line: 1, Column: 1",
            ),
            ("something else", "this cannot be answered: something else"),
        ] {
            assert_eq!(in_plain_words(message, &tables), words);
        }
        let refused = in_plain_words("unsupported function 'date_trunc'", &tables);
        assert!(refused.starts_with("there is no function `date_trunc` here; the columns `day` and `week`"));
    }

    #[test]
    fn only_questions_are_asked() {
        for question in ["SELECT 1", "  (select 1)", "WITH a AS (SELECT 1) SELECT * FROM a", "FROM runs"] {
            assert_eq!(check_question(question), Ok(()), "{question}");
        }
        for other in ["DROP TABLE runs", "delete from runs", "", " \n"] {
            assert!(check_question(other).unwrap_err().contains("ask with SELECT"), "{other}");
        }
    }
}
