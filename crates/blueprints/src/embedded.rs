//! The blueprints shipped with the program, as text inside the binary. Leaves reading them to `load`.

use crate::{Blueprint, BlueprintError, load};

/// Path under `blueprints/` and text of every shipped file.
pub const FILES: &[(&str, &str)] = &[
    ("shimane/matsue.toml", include_str!("../../../blueprints/shimane/matsue.toml")),
    ("shimane/izumo.toml", include_str!("../../../blueprints/shimane/izumo.toml")),
    ("shimane/masuda.toml", include_str!("../../../blueprints/shimane/masuda.toml")),
    ("shimane/unnan.toml", include_str!("../../../blueprints/shimane/unnan.toml")),
    ("shimane/kawamoto.toml", include_str!("../../../blueprints/shimane/kawamoto.toml")),
    ("shimane/tsuwano.toml", include_str!("../../../blueprints/shimane/tsuwano.toml")),
];

/// Every shipped blueprint.
///
/// # Errors
/// The first file that is broken; a test keeps the shipped ones whole.
pub fn all() -> Result<Vec<Blueprint>, BlueprintError> {
    FILES.iter().map(|(file, text)| load(file, text)).collect()
}

/// The shipped blueprint of this slug, if there is one.
pub fn by_slug(slug: &str) -> Option<Result<Blueprint, BlueprintError>> {
    FILES.iter().find(|(file, _)| file.strip_suffix(".toml") == Some(slug)).map(|(file, text)| load(file, text))
}
