// desksound.js - the bell of the desk: after one press at the start of a shift, and never while somebody writes.
import { $, set, t } from "./ui.js";

const AGAIN_MS = 30000; // it rings again while an incident waits

let context = null, rung = 0, owed = false;

function tone(at, pitch) {
    const beep = context.createOscillator(), loud = context.createGain();
    beep.frequency.value = pitch;
    loud.gain.setValueAtTime(.25, at);
    loud.gain.exponentialRampToValueAtTime(.001, at + .35);
    beep.connect(loud).connect(context.destination);
    beep.start(at);
    beep.stop(at + .36);
}

const writing = () => document.activeElement?.matches("input:not([type=checkbox]), textarea");

export function ring_bell() {
    if (!context || Date.now() - rung < AGAIN_MS)
        return;
    owed = writing();
    if (owed)
        return;
    rung = Date.now();
    document.body.dataset.rung = String(rung);
    tone(context.currentTime + .05, 880);
    tone(context.currentTime + .45, 660);
}

// The words on the button, in the language chosen.
export function may_sound() {
    $("sound").setAttribute("aria-pressed", String(Boolean(context)));
    set($("sound"), t(context ? "duty_sound_off" : "duty_sound_on"));
    $("sound").dataset.t = context ? "duty_sound_off" : "duty_sound_on";
}

export function wire_sound() {
    $("sound").addEventListener("click", async () => {
        if (context) {
            await context.close();
            context = null;
        } else {
            context = new AudioContext();
            await context.resume();
            tone(context.currentTime + .05, 880); // heard once, so that one knows it works
        }
        may_sound();
    });
    document.addEventListener("focusout", () => owed && setTimeout(ring_bell, 0));
}
