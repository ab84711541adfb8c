//! Rich menus of a channel: definitions, images, aliases, the default one. Links to single users are in their ties.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

/// One rich menu.
pub struct RichMenu {
    /// The request that made it.
    pub definition: Value,
    /// Image with its media type, once uploaded; never replaced.
    pub image: Option<(String, Vec<u8>)>,
    /// Order of making.
    pub order: u64,
}

/// The rich menus of a channel.
#[derive(Default)]
pub struct RichMenus {
    /// By id.
    pub menus: BTreeMap<Arc<str>, RichMenu>,
    /// Menu id by alias.
    pub aliases: BTreeMap<String, Arc<str>>,
    /// The default menu.
    pub default: Option<Arc<str>>,
    made: u64,
}

impl RichMenus {
    /// Keeps a new menu under an id.
    pub fn add(&mut self, id: Arc<str>, definition: Value) {
        self.made += 1;
        self.menus.insert(id, RichMenu { definition, image: None, order: self.made });
    }

    /// The menu with the API's view of it: its id and its definition.
    pub fn view(id: &str, menu: &RichMenu) -> Value {
        let mut view = menu.definition.clone();
        view["richMenuId"] = Value::from(id);
        view
    }

    /// The menu a user sees: their own, otherwise the default.
    pub fn shown(&self, linked: Option<&Arc<str>>) -> Option<(Arc<str>, &RichMenu)> {
        let id = linked.filter(|id| self.menus.contains_key(*id)).or(self.default.as_ref())?;
        self.menus.get(id).map(|menu| (Arc::clone(id), menu))
    }
}
