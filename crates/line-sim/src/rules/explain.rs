//! From a schema error to LINE's words. A `oneOf` of message types is explained by the variant the sender meant (its `type`).

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::Report;

/// Writes an error into the report.
pub fn explain(error: &ValidationError<'_>, report: &mut Report) {
    let path = property(error.instance_path().as_str());
    match error.kind() {
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => explain_variants(error, context, report),
        Kind::Required { property: name } => {
            let name = name.as_str().unwrap_or_default();
            let joined = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            let text = if EMPTY_WORDS.contains(&name) { "May not be empty" } else { "must be specified" };
            report.say(joined, text);
        }
        kind => report.say(path.clone(), words(kind, last_name(&path))),
    }
}

const EMPTY_WORDS: [&str; 5] = ["text", "label", "data", "uri", "altText"];

fn words(kind: &Kind, name: &str) -> String {
    match kind {
        Kind::Enum { options } => format!("Must be one of the following values: [{}]", list(options)),
        Kind::MaxItems { limit } => format!("Size must be between {} and {limit}", least_items(name)),
        Kind::MinItems { limit } => format!("Size must be between {limit} and {}", most_items(name)),
        Kind::MaxLength { limit } => format!("Length must be between 0 and {limit}"),
        Kind::MinLength { .. } => "May not be empty".to_owned(),
        Kind::Minimum { .. } | Kind::Maximum { .. } if name == "loadingSeconds" => {
            "Must be between 5 and 60".to_owned()
        }
        Kind::Minimum { limit } => format!("must be greater than or equal to {limit}"),
        Kind::Maximum { limit } => format!("must be less than or equal to {limit}"),
        Kind::MultipleOf { .. } => "must be a multiple of five".to_owned(),
        Kind::Format { format } if format == "uri" => "invalid uri".to_owned(),
        Kind::Format { format } => format!("invalid {format}"),
        Kind::Pattern { .. } => "invalid format".to_owned(),
        Kind::Type { .. } => INVALID_TYPE.to_owned(),
        _ => "invalid".to_owned(),
    }
}

/// Marks a finding that LINE reports as the whole message: `The property, XXX, in the request body is invalid`.
pub const INVALID_TYPE: &str = "invalid type";

fn least_items(name: &str) -> u32 {
    u32::from(matches!(name, "messages" | "to" | "userIds" | "actions" | "columns" | "operations"))
}

fn most_items(name: &str) -> u32 {
    match name {
        "messages" => 5,
        "to" | "userIds" => 500,
        "operations" => 1000,
        _ => 13,
    }
}

fn list(options: &Value) -> String {
    let names: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    names.join(", ")
}

fn explain_variants(error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>], report: &mut Report) {
    let own = error.instance_path().as_str();
    let type_path = format!("{own}/type");
    let mut allowed = Vec::new();
    for branch in context {
        match branch.iter().find(|e| e.instance_path().as_str() == type_path) {
            Some(e) => {
                if let Kind::Enum { options } = e.kind() {
                    allowed.push(list(options));
                }
            }
            None if !branch.iter().any(|e| missing_type(e, own)) => {
                branch.iter().for_each(|e| explain(e, report));
                return;
            }
            None => {}
        }
    }
    let path = property(&type_path);
    if error.instance().get("type").is_none() {
        report.say(path, "must be specified");
    } else {
        report.say(path, format!("Must be one of the following values: [{}]", allowed.join(", ")));
    }
}

fn missing_type(error: &ValidationError<'_>, own: &str) -> bool {
    error.instance_path().as_str() == own
        && matches!(error.kind(), Kind::Required { property } if property.as_str() == Some("type"))
}

/// `/messages/0/text` as `messages[0].text`.
pub fn property(pointer: &str) -> String {
    let mut out = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty() {
            out.push_str(&format!("[{part}]"));
        } else {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(part);
        }
    }
    out
}

fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path).trim_end_matches(|c: char| c == ']' || c == '[' || c.is_ascii_digit())
}
