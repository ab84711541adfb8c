// Starts the small modules. Every page works without them; each adds what a browser lacks.
import { listKeys } from "./js/list.js";
import { audience } from "./js/audience.js";
import { live } from "./js/live.js";
import { renew } from "./js/renew.js";
import { copyButtons } from "./js/copy.js";
import { counters } from "./js/counter.js";
import { confirms } from "./js/confirm.js";
import { menus } from "./js/menu.js";
import { drops } from "./js/drop.js";
import { sieves } from "./js/sieve.js";
import { prints } from "./js/print.js";
import { door } from "./js/door.js";
import { stays } from "./js/stay.js";

stays(); listKeys(); audience(); live(); renew(); copyButtons(); counters(); confirms(); menus(); drops(); sieves(); prints(); door();
document.querySelector("[data-focus]")?.focus();
