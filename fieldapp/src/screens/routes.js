// @ts-check
// Every screen and its address. The first route is what an unknown address leads to.

import { birth, loss } from "./birth.js";
import { family } from "./family.js";
import { handOverPhone } from "./hand_over_phone.js";
import { handover } from "./handover.js";
import { inbox } from "./inbox.js";
import { lock } from "./lock.js";
import { looseNote } from "./loose_note.js";
import { lostCode } from "./lost_code.js";
import { need } from "./need.js";
import { needs } from "./needs.js";
import { newFamily } from "./new_family.js";
import { note } from "./note.js";
import { out } from "./out.js";
import { search } from "./search.js";
import { settings } from "./settings.js";
import { signIn } from "./sign_in.js";
import { start } from "./start.js";
import { today } from "./today.js";
import { visit } from "./visit.js";
import { addWay, removeWay } from "./ways.js";

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
  { path: "/family/:family/needs", screen: needs },
  { path: "/family/:family/birth", screen: birth },
  { path: "/family/:family/loss", screen: loss },
  { path: "/family/:family/handover", screen: handover },
  { path: "/new", screen: newFamily },
  { path: "/note", screen: looseNote },
  { path: "/note/:note", screen: looseNote },
  { path: "/settings", screen: settings },
  { path: "/way/:kind", screen: addWay },
  { path: "/way/:kind/remove", screen: removeWay },
  { path: "/sign-in", screen: signIn },
  { path: "/start", screen: start },
  { path: "/out", screen: out },
  { path: "/out/:family", screen: out },
  { path: "/hand-over", screen: handOverPhone },
  { path: "/lost-code", screen: lostCode },
  { path: "/lock", screen: lock },
];
