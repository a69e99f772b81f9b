// login.js - the entrance: who are you, and the secret; then on to the page that was asked for.
import { $, make, set, show, start, t } from "./ui.js";
import { ask_who, login_form } from "./who.js";

// Of our own pages only: what an address may name is no other site.
function wanted() {
    const to = new URLSearchParams(location.search).get("to") ?? "";
    return /^([a-z_]+\.html|plain)$/.test(to) && to !== "login.html" ? to : "./";
}

function paint(who) {
    set($("unit"), who.unit.name);
    show($("drill"), Boolean(who.election?.drill));
    document.title = `${who.election?.drill ? `[${t("drill")}] ` : ""}${who.unit.name} - Dantin`;
}

async function main() {
    let who = null;
    await start(() => who && paint(who));
    for (let tries = 0; !who; tries++) {
        try {
            who = await ask_who();
        } catch {
            await new Promise((go) => setTimeout(go, Math.min(15000, 1000 * 2 ** tries)));
        }
    }
    paint(who);
    if (who.person) {
        location.replace(wanted());
        return;
    }
    if (!who.guarded) {
        $("form").append(make("p", "", "who_open"), Object.assign(make("a", "", "back"), { href: "./" }));
        return;
    }
    $("form").append(login_form(who, () => location.replace(wanted())));
    $("form").querySelector("select, input").focus();
}

main();
