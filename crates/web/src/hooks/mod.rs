//! What other machines post to us. To add one: a file with its receiver and a line here.

pub mod click;
pub mod health;
pub mod line;

use crate::routes::Routes;

/// Every receiver.
pub fn routes(routes: Routes) -> Routes {
    let routes = click::routes(routes);
    let routes = health::routes(routes);
    line::routes(routes)
}
