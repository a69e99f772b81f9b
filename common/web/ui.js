// ui.js - what all pages share, under one name. Nothing here knows a rule of an election.
export * from "./text.js";
export * from "./figures.js";
export * from "./times.js";
export * from "./rows.js";
export * from "./signs.js";
export * from "./live.js";
