//! What rules of this organisation may speak about: the facts about people, and the organisation's own lists of codes.

use tsunagari_kernel::municipality;
use tsunagari_people::facts::FACTS;
use tsunagari_rules::Catalogue;

use crate::error::StorageError;
use crate::store::Reader;

impl Reader {
    /// The catalogue a rule of this organisation is checked against today.
    pub async fn rule_catalogue(&mut self) -> Result<Catalogue, StorageError> {
        let schools: Vec<String> = self.schools().await?.iter().map(|school| school.id.to_string()).collect();
        let interests: Vec<String> = self.interest_kinds().await?.into_iter().map(|kind| kind.code).collect();
        let purposes: Vec<String> = self.purposes().await?.into_iter().map(|purpose| purpose.code).collect();
        let (prefectures, municipalities): (Vec<&municipality::Municipality>, Vec<_>) =
            municipality::all().iter().partition(|place| place.code.is_prefecture());
        let catalogue = Catalogue::of(&[FACTS]).map_err(|error| StorageError::Broken(error.to_string()))?;
        Ok(catalogue
            .with_codes("schools", schools)
            .with_codes("interests", interests)
            .with_codes("purposes", purposes)
            .with_codes("prefectures", prefectures.iter().map(|place| place.code.to_string()))
            .with_codes("municipalities", municipalities.iter().map(|place| place.code.to_string())))
    }
}
