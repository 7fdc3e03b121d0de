//! One option of one host as one value, schema 1: what `nixscope option` prints and editors get.

use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{Host, HostDefinition, HostOption};
use serde::Serialize;
use serde_json::Value;
use smol_str::SmolStr;

use crate::places::{Place, Places, embedded_name};

/// One option of one host.
#[derive(Serialize)]
pub struct HostOptionJson {
    pub schema: u32,
    pub host: SmolStr,
    pub path: String,
    pub value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<SmolStr>,
    #[serde(rename = "type")]
    pub type_name: Option<SmolStr>,
    pub default: Option<SmolStr>,
    pub description: Option<SmolStr>,
    pub declared_at: Option<Place>,
    pub definitions: Vec<DefinitionJson>,
}

/// A definition of it.
#[derive(Serialize)]
pub struct DefinitionJson {
    #[serde(flatten)]
    pub place: Option<Place>,
    pub priority: i64,
    pub condition: Option<String>,
    pub active: Option<bool>,
    pub winning: bool,
    pub text: Option<String>,
}

/// What is known of an option of a host. `path` is as people write it.
pub fn host_option_json(
    places: &Places<'_>,
    host: &Host,
    path: String,
    option: &HostOption,
) -> HostOptionJson {
    let value = match &option.json {
        // It was printed from JSON.
        Some(text) => serde_json::from_str(text).unwrap_or_default(),
        None => Value::Null,
    };
    let mut definitions: Vec<&HostDefinition> = option.definitions.iter().collect();
    // The winners first, then what would win next; what is switched off last.
    definitions.sort_by_key(|it| (!it.winning, it.active == Some(false), it.priority));
    let declaration = option.declaration.as_ref();
    HostOptionJson {
        schema: 1,
        host: host.name.clone(),
        path,
        value,
        unknown: option.no_json.clone().filter(|_| option.json.is_none()),
        type_name: declaration.and_then(|it| it.type_name.clone()),
        default: declaration.and_then(|it| it.default.clone()),
        description: declaration.and_then(|it| it.description.clone()),
        declared_at: declaration.and_then(|it| it.place).map(|place| places.of(place)),
        definitions: definitions.into_iter().map(|it| definition(places, it)).collect(),
    }
}

fn definition(places: &Places<'_>, of: &HostDefinition) -> DefinitionJson {
    let own = |place: &SourcePlace| embedded_name(place.source.path(places.db)).is_none();
    DefinitionJson {
        place: of.place.filter(own).map(|place| places.of(place)),
        priority: of.priority,
        condition: of.condition.and_then(|place| written(places, place)),
        active: of.active,
        winning: of.winning,
        text: of.written.and_then(|place| written(places, place)),
    }
}

/// The source text of an expression. Never of a data file, which may be a secret.
fn written(places: &Places<'_>, place: SourcePlace) -> Option<String> {
    if !matches!(place.kind, PlaceKind::Expr(_)) {
        return None;
    }
    let range = place.range(places.db);
    let text = place.source.text(places.db).as_str();
    text.get(usize::from(range.start())..usize::from(range.end())).map(str::to_string)
}
