/** What no first page waits for: fetched beside it, so that it is there when it is needed. */

import "./servery-problem.js";
import "./servery-languages.js";
