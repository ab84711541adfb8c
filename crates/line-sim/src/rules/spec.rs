//! The embedded OpenAPI document: which operations exist, and a validator of each request body, compiled on first use.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

const MESSAGING_API: &str = include_str!("../../spec/messaging-api.yml");

/// The operations of the specification.
pub struct Spec {
    schemas: Map<String, Value>,
    operations: HashMap<(String, String), Operation>,
}

/// One operation.
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    body: Option<Value>,
    validator: OnceLock<Option<Validator>>,
}

/// The specification, read once. It is part of the program, so a document that cannot be read counts as empty and every test of it fails.
pub fn spec() -> &'static Spec {
    static SPEC: OnceLock<Spec> = OnceLock::new();
    SPEC.get_or_init(|| Spec::read(MESSAGING_API))
}

impl Spec {
    fn read(text: &str) -> Self {
        let document: Value = serde_yaml_ng::from_str(text).unwrap_or_default();
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut operations = HashMap::new();
        let paths = document.get("paths").and_then(Value::as_object).cloned().unwrap_or_default();
        for (path, item) in paths {
            for (method, operation) in item.as_object().cloned().unwrap_or_default() {
                let Some(id) = operation.get("operationId").and_then(Value::as_str) else { continue };
                let body = operation.pointer("/requestBody/content/application~1json/schema").cloned();
                let kept = Operation { id: id.to_owned(), body, validator: OnceLock::new() };
                operations.insert((method.to_ascii_uppercase(), path.clone()), kept);
            }
        }
        Self { schemas, operations }
    }

    /// The operation of a method and a path template (axum and OpenAPI write templates alike).
    pub fn operation(&self, method: &str, template: &str) -> Option<&Operation> {
        self.operations.get(&(method.to_owned(), template.to_owned()))
    }

    /// The operation a concrete path belongs to, used to say "known, but not simulated".
    pub fn operation_of_path(&self, method: &str, path: &str) -> Option<&Operation> {
        self.operations.iter().find(|((m, template), _)| m == method && fits(template, path)).map(|(_, o)| o)
    }

    /// Every method, path template and operation.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &Operation)> {
        self.operations.iter().map(|((m, p), o)| (m.as_str(), p.as_str(), o))
    }

    /// The validator of an operation's JSON body, if it has one.
    pub fn validator<'a>(&'a self, operation: &'a Operation) -> Option<&'a Validator> {
        let body = operation.body.as_ref()?;
        operation.validator.get_or_init(|| compile(body, &self.schemas)).as_ref()
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (mut t, mut p) = (template.split('/'), path.split('/'));
    loop {
        match (t.next(), p.next()) {
            (None, None) => return true,
            (Some(want), Some(got)) if want == got || want.starts_with('{') && !got.is_empty() => {}
            _ => return false,
        }
    }
}

/// Compiles a schema with only those of `schemas` it reaches: compiling all 203 for each operation would cost a start.
pub fn compile(root: &Value, schemas: &Map<String, Value>) -> Option<Validator> {
    let mut reached = HashSet::new();
    let mut open = names_in(root);
    let mut kept = Map::new();
    while let Some(name) = open.pop() {
        if reached.insert(name.clone())
            && let Some(schema) = schemas.get(&name)
        {
            open.extend(names_in(schema));
            kept.insert(name, schema.clone());
        }
    }
    let whole = json!({"allOf": [root], "components": {"schemas": kept}});
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft7).should_validate_formats(true);
    options.build(&whole).map_err(|error| tracing::error!(%error, "schema does not compile")).ok()
}

fn names_in(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match value.as_str() {
                Some(target) if key == "$ref" => target.rsplit('/').next().map(str::to_owned).into_iter().collect(),
                _ => names_in(value),
            })
            .collect(),
        Value::Array(list) => list.iter().flat_map(names_in).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_schema_of_the_specification_compiles() {
        let with_body: Vec<_> = spec().operations().filter(|(_, _, o)| o.body.is_some()).collect();
        assert!(with_body.len() >= 25, "{}", with_body.len());
        for (method, path, operation) in with_body {
            assert!(spec().validator(operation).is_some(), "{method} {path}");
        }
    }

    #[test]
    fn a_concrete_path_finds_its_operation() {
        let found = spec().operation_of_path("GET", "/v2/bot/group/C1/summary").map(|o| o.id.as_str());
        assert_eq!(found, Some("getGroupSummary"));
        assert!(spec().operation_of_path("GET", "/v2/bot/nothing").is_none());
    }
}
