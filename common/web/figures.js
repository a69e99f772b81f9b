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
