// spoken.js - a figure as it is read out: "05 – 2 – 214 – 35", village, cut-off, figure, two check digits.
const two = (n) => String(n).padStart(2, "0");

export const spoken = (village, cutoff, voted, check) =>
    [two(village), cutoff, voted, check == null ? "" : two(check)].filter((x) => x !== "").join(" – ");
