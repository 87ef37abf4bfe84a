// Every screen and its address. The first route is what an unknown address leads to.

import { lock } from "./lock.js";
import { search } from "./search.js";
import { settings } from "./settings.js";
import { signIn } from "./sign_in.js";
import { start } from "./start.js";
import { today } from "./today.js";

/** @type {readonly import("./routing.js").Route[]} */
export const routes = [
  { path: "/today", screen: today },
  { path: "/search", screen: search },
  { path: "/settings", screen: settings },
  { path: "/sign-in", screen: signIn },
  { path: "/start", screen: start },
  { path: "/lock", screen: lock },
];
