// @ts-check
// Every screen and its address. The first route is what an unknown address leads to.

import { family } from "./family.js";
import { handOverPhone } from "./hand_over_phone.js";
import { inbox } from "./inbox.js";
import { lock } from "./lock.js";
import { looseNote } from "./loose_note.js";
import { lostCode } from "./lost_code.js";
import { need } from "./need.js";
import { note } from "./note.js";
import { out } from "./out.js";
import { search } from "./search.js";
import { settings } from "./settings.js";
import { signIn } from "./sign_in.js";
import { start } from "./start.js";
import { today } from "./today.js";
import { visit } from "./visit.js";

/** @type {readonly import("./routing.js").Route[]} */
export const routes = [
  { path: "/today", screen: today },
  { path: "/search", screen: search },
  { path: "/inbox", screen: inbox },
  { path: "/family/:family", screen: family },
  { path: "/family/:family/visit/:visit", screen: visit },
  { path: "/family/:family/note", screen: note },
  { path: "/family/:family/note/:note", screen: note },
  { path: "/family/:family/need", screen: need },
  { path: "/note", screen: looseNote },
  { path: "/note/:note", screen: looseNote },
  { path: "/settings", screen: settings },
  { path: "/sign-in", screen: signIn },
  { path: "/start", screen: start },
  { path: "/out", screen: out },
  { path: "/out/:family", screen: out },
  { path: "/hand-over", screen: handOverPhone },
  { path: "/lost-code", screen: lostCode },
  { path: "/lock", screen: lock },
];
