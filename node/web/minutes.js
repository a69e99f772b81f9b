// minutes.js - the figures of the minutes in the order of the paper, for the form that takes them and the sheets printed.
import { t } from "./ui.js";

const NUMBERS = ["eligible", "attended", "printed", "issued", "spoiled", "unused", "returned", "valid", "invalid",
    "blank"];
const HANDS = ["eligible", "attended"]; // what a show of hands has of them
const MEMBERS = ["summoned", "elsewhere", "exempt", "suspended", "absent"]; // of a Party cell, before the others
export const LETTERS = { eligible: "N", attended: "A", printed: "P", issued: "I", spoiled: "S", unused: "U",
    returned: "R", valid: "V", invalid: "X", blank: "B" };

export const numbers_of = (b) => [...(b.rules.electorate === "members" ? MEMBERS : []),
    ...(b.method === "show_of_hands" ? HANDS : NUMBERS)];
export const number_word = (b, name) => t(name === "eligible" ? `n_eligible_${b.rules.electorate}` : `n_${name}`);
