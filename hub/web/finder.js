// finder.js - a unit by its code or a few letters: the program finds it, here it becomes a list of links.
import { dotted, get, make, num, rows, set, t } from "./ui.js";

const REST_MS = 250; // after the last letter: an input method sends letters and takes them back

// link_of(code): where a unit that was found is shown.
export function open_finder(box, link_of) {
    const label = make("label"), input = make("input"), note = make("p", "note"), list = make("ul", "found");
    let timer = 0, asked = 0;
    Object.assign(input, { type: "search", autocomplete: "off", spellcheck: false, maxLength: 60, enterKeyHint: "go" });
    note.setAttribute("role", "status");
    label.append(make("span", "", "find_label"), input);
    box.append(label, note, list);

    function paint(found) {
        rows(list, found.units, (u) => u.code, () => {
            const item = make("li"), link = make("a");
            link.append(make("b"), make("small"));
            item.append(link);
            return item;
        }, (item, u) => {
            const [name, way] = item.firstElementChild.children;
            set(name, u.name);
            set(way, dotted(u.code, u.path.slice(0, -1).map((p) => p.name).join(" › ")));
            item.firstElementChild.href = link_of(u.code);
        });
        const more = found.n - found.units.length;
        set(note, !found.n ? t("find_none") : more > 0 ? t("find_more", { n: num(more) }) : "");
    }
    function clear() {
        clearTimeout(timer);
        asked++;
        rows(list, [], (u) => u, null, null);
        set(note, "");
    }
    async function find() {
        const text = input.value.trim().normalize("NFC"), mine = ++asked;
        if (!text)
            return clear();
        try {
            const found = await get(`api/find?q=${encodeURIComponent(text)}`);
            if (mine === asked)
                paint(found);
        } catch (e) {
            if (mine === asked)
                set(note, e.message);
        }
        return undefined;
    }
    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(find, REST_MS);
    });
    box.addEventListener("keydown", async (event) => {
        const links = [...list.querySelectorAll("a")], at = links.indexOf(document.activeElement);
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (event.isComposing)
            return;
        if (step) {
            event.preventDefault();
            (links[at + step] ?? (at + step < 0 ? input : links.at(-1)))?.focus();
        } else if (event.key === "Escape") {
            input.value = "";
            clear();
            input.focus();
        } else if (event.key === "Enter" && at < 0) {
            event.preventDefault();
            clearTimeout(timer);
            await find();
            list.querySelector("a")?.click();
        }
    });
    list.addEventListener("click", (event) => {
        if (event.target.closest("a")) {
            input.value = "";
            setTimeout(clear);
        }
    });
}
