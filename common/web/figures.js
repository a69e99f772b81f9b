// figures.js - figures as people here write them: a missing one is never zero.
import { t } from "./text.js";

export const NARROW = "\u00a0"; // a number and its sign stay on one line

export const num = (n) => n == null ? t("none") : String(n).replace(/\B(?=(\d{3})+$)/g, ".");

export const percent = (n, base) =>
    (Math.round(n * 10000 / base) / 100).toFixed(2).replace(".", ",") + NARROW + "%";

// "159/361 (44,04 %)": the count and its base first, then the percentage.
export function share(n, base) {
    if (n == null || !base)
        return n == null ? t("none") : `${num(n)} (${t("base_none")})`;
    return `${num(n)}/${num(base)} (${percent(n, base)})`;
}

// Digits, or groups of three with dots or spaces: what Number() makes of "3.452" is another number.
export function read_number(text) {
    const s = text.trim();
    if (!/^(\d{1,9}|\d{1,3}([. \u00a0]\d{3}){1,2})$/.test(s))
        return null;
    return Number(s.replace(/\D/g, ""));
}

// "44,04" as a paper writes a percentage: in hundredths.
export function read_percent(text) {
    const m = /^(\d{1,3})(?:[.,](\d{1,2}))?\s*%?$/.exec(text.trim());
    return m ? Number(m[1]) * 100 + Number((m[2] ?? "").padEnd(2, "0")) : null;
}
