// daemon.c - wires a hub: the common daemon, and the gate where its children knock.
#include "common/base/clock.h"
#include "common/base/savefile.h"
#include "common/daemon/bulletins.h"
#include "common/net/qr.h"
#include "hub.h"
#include "proto/frame.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EVENT_UNITS_MAX = 1000, // named in one event
    REFUSAL_PACE_MS = 1000
};

static void on_expect(void *ctx, const struct bytes *frames, unsigned n)
{
    struct hub *h = ctx;
    office_expect(daemon_office(h->common.daemon), frames, n);
}

static void on_frame(void *ctx, uint32_t peer, const struct code *unit, struct bytes frame)
{
    struct hub *h = ctx;
    struct office *o = daemon_office(h->common.daemon);
    office_heard(o, peer, unit, frame, daemon_now());
    // Whoever has a key and knocks without a greeting takes none of the gate's numbers from the others.
    if (!office_seated(o, peer))
        gate_drop(h->gate, peer);
}

static int admit(struct hub *h, const struct child_entry *e, bool at_once)
{
    struct certificate c;
    struct bytes raw = bytes_of(e->certificate, e->n_certificate);
    struct office *o = daemon_office(h->common.daemon);
    if (e->retired || certificate_check(&c, raw, office_identity(o)->election) < 0)
        return 0;
    return at_once ? office_admit(o, &c, raw, daemon_now()) : office_admit_next(o, &c, raw);
}

// Counted each, told at most once a second: a door that is knocked at without end fills no journal.
static void tell_refusal(struct hub *h, const struct code *unit, const char *why)
{
    int64_t now = clock_mono();
    if (h->refusal_told > 0 && now - h->refusal_told < REFUSAL_PACE_MS)
        return;
    h->refusal_told = now;
    fprintf(stderr, "gate: enrolment of %s refused: %s\n", unit->at, why);
}

// Committed in both places, then answered: the list first, so that after a crash between the two the
// next start admits what the list holds.
static bool on_knock(void *ctx, uint32_t peer, const struct code *unit, struct bytes frame)
{
    struct hub *h = ctx;
    struct frame f;
    uint8_t buffer[512];
    struct packer p;
    const char *why = NULL;
    const uint8_t *election = office_identity(daemon_office(h->common.daemon))->election;
    int rc = frame_decode(&f, frame, &why);
    if (rc == 0 && f.kind == FRAME_ENROL)
        rc = children_enrol(h->children, f.blob, unit, election, clock_now(), &why);
    else
        rc = -EACCES;
    why = why ? why : "only an enrolment is taken at this door";
    for (uint32_t i = 0; rc == 0 && children_at(h->children, i); i++) {
        const struct child_entry *e = children_at(h->children, i);
        if (bytes_same(bytes_of(e->certificate, e->n_certificate), f.blob)) {
            rc = admit(h, e, true);
            daemon_turned(h->common.daemon, rc == -EAGAIN ? 0 : rc);
            why = rc == -EAGAIN   ? "the hub has just started: ask again in a moment"
                  : rc == -EACCES ? "this machine's key was retired: ask for a new token"
                                  : "the hub could not write it: its disk is full";
        }
    }
    pack_init(&p, buffer, sizeof buffer);
    frame_enrolled(&p, f.session,
                   rc == 0         ? ENROL_TAKEN
                   : rc == -EAGAIN ? ENROL_LATER
                                   : ENROL_REFUSED,
                   rc == 0 ? "" : why);
    gate_send(h->gate, peer, packed(&p));
    gate_drop(h->gate, peer);
    if (rc < 0 && rc != -EAGAIN)
        tell_refusal(h, unit, why);
    return rc == 0 || rc == -EAGAIN;
}

// Children whose admission the store does not have: it is new, or a crash came between. All in one commit.
static int admit_known(struct hub *h)
{
    for (uint32_t i = 0; children_at(h->children, i); i++)
        admit(h, children_at(h->children, i), false); // one whose key is retired is passed over
    int rc = office_turn(daemon_office(h->common.daemon), daemon_now());
    return rc == -ENOSPC ? 0 : rc; // by itself, as soon as it may be
}

static int listen_at(struct hub *h, struct daemon *d)
{
    const struct identity *id = office_identity(daemon_office(d));
    char port[16], ready[8];
    uint8_t *content;
    size_t n;
    const char *address = config_text(daemon_config(d), SETTING_LINK_LISTEN);
    char fixed[CONFIG_TEXT_MAX + 16];
    // A port that was drawn once is kept: the children's tokens name it.
    snprintf(fixed, sizeof fixed, "%s", address);
    char *colon = strrchr(fixed, ':');
    if (colon && strcmp(colon, ":0") == 0 &&
        savefile_read(daemon_dir(d), "link.port", sizeof ready - 1, &content, &n) == 0) {
        snprintf(colon, 16, ":%ld", strtol((char *)content, NULL, 10) & 0xffff);
        free(content);
    }
    int rc = gate_listen(h->gate, fixed, id->curve_secret, &h->port);
    if (rc < 0)
        fprintf(stderr,
                "dantin-hub: cannot listen for children at %s: %s (link/listen in config.zpl)\n",
                fixed, strerror(-rc));
    snprintf(port, sizeof port, "%d\n", h->port);
    return rc == 0 ? savefile_write(daemon_dir(d), "link.port", bytes_text(port)) : rc;
}

int hub_on_open(void *ctx, struct daemon *d)
{
    struct hub *h = ctx;
    struct gate_hooks hooks = {.ctx = h, .on_expect = on_expect};
    hooks.on_frame = on_frame;
    hooks.on_knock = on_knock;
    if (!d) {
        since_close(&h->since);
        gate_close(&h->gate);
        children_close(&h->children);
        contacts_close(&h->contacts);
        calls_close(&h->calls);
        return 0;
    }
    contacts_open(&h->contacts, daemon_dir(d));
    calls_open(&h->calls, daemon_dir(d));
    int rc = children_open(&h->children, daemon_dir(d));
    if (rc == 0)
        rc = gate_open(&h->gate, daemon_loop(d), &hooks, h->children);
    if (rc == 0)
        rc = admit_known(h);
    return rc == 0 ? listen_at(h, d) : rc;
}

int hub_send(void *ctx, uint32_t peer, struct bytes frame)
{
    struct hub *h = ctx;
    return gate_send(h->gate, peer, frame);
}

void hub_drop(void *ctx, uint32_t peer)
{
    struct hub *h = ctx;
    gate_drop(h->gate, peer);
}

char *hub_event(void *ctx)
{
    struct hub *h = ctx;
    const struct office *o = daemon_office(h->common.daemon);
    const struct plan *p = office_plan(o);
    if (!p)
        return NULL;
    json_t *units = json_array();
    for (uint32_t i = 0; i < p->n_units && json_array_size(units) < EVENT_UNITS_MAX; i++)
        if (!p->units[i].place &&
            (office_changed(o, i, h->told_turn) ||
             (h->released && bytes_same(p->units[i].code, code_bytes(&office_identity(o)->unit)))))
            json_array_append_new(
                units, json_stringn((const char *)p->units[i].code.at, p->units[i].code.n));
    bool any = json_array_size(units) > 0;
    h->told_turn = office_turn_number(o);
    h->released = false;
    json_t *event = json_pack("{s:I,s:o}", "turn", (json_int_t)h->told_turn, "units", units);
    char *text = any ? json_dumps(event, JSON_COMPACT) : NULL;
    json_decref(event);
    return text;
}

bool hub_person(const struct hub *h, struct bytes id)
{
    return id.n > 0 && people_find(daemon_people(h->common.daemon), id) != NULL;
}

const struct http_route hub_routes[] = {
    {"GET", "/api/state", board_state, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/results", board_results, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/children", board_children, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/monitor", monitor_state, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/record", route_record, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/status", board_status, RIGHT_READ},
    {"GET", "/api/quarantine", route_quarantine, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/matters", route_matters, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/dues", route_dues, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/figure", route_figure, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/plain", route_plain, RIGHT_READ | ROUTE_SCOPED | HTTP_PAGE},
    {"GET", "/api/find", route_find, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/reconcile", route_reconcile, RIGHT_READ},
    {"GET", "/api/events", route_events, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/bulletin", route_bulletin, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/bulletins", bulletin_list, RIGHT_READ},
    {"GET", "/api/statistics", route_statistics, RIGHT_READ},
    {"GET", "/api/qr", route_qr, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/zero", zero_sheet, RIGHT_READ},
    {"GET", "/api/history", audit_history, RIGHT_AUDIT | ROUTE_SCOPED},
    {"GET", "/api/then", audit_then, RIGHT_AUDIT | ROUTE_SCOPED},
    {"GET", "/api/sample", sample_sheet, RIGHT_READ | ROUTE_SCOPED},
    {"GET", "/api/access", audit_access, RIGHT_AUDIT},
    {"GET", "/api/export/history.csv", audit_csv, RIGHT_AUDIT | ROUTE_SCOPED},
    {"GET", "/api/export/results.csv", export_results, RIGHT_READ},
    {"GET", "/api/export/log.jsonl", route_export_log, RIGHT_AUDIT | RIGHT_RESTRICTED},
    {"GET", "/api/desk", watch_state, RIGHT_OPERATE | ROUTE_SCOPED},
    {"GET", "/api/desk/held", held_list, RIGHT_OPERATE | ROUTE_SCOPED},
    {"GET", "/api/desk/incidents", incidents_list, RIGHT_OPERATE | ROUTE_SCOPED},
    {"GET", "/api/desk/heat", heat_table, RIGHT_OPERATE | ROUTE_SCOPED},
    {"GET", "/api/desk/machines", machines_list, RIGHT_OPERATE | ROUTE_SCOPED},
    {"GET", "/api/desk/ready", machines_ready, RIGHT_OPERATE | ROUTE_SCOPED},
    {"GET", "/api/desk/relay", relay_look, RIGHT_OPERATE | ROUTE_SCOPED},
    {"GET", "/api/desk/results", groups_results, RIGHT_OPERATE | ROUTE_SCOPED},
    {"GET", "/api/desk/bulletin", groups_bulletin, RIGHT_OPERATE | ROUTE_SCOPED},
    {"POST", "/api/desk/relay", relay_say, RIGHT_OPERATE | ROUTE_SCOPED},
    {"POST", "/api/desk/call", watch_call, RIGHT_OPERATE | ROUTE_SCOPED},
    {"POST", "/api/desk/contacts", watch_contacts, RIGHT_OPERATE | ROUTE_SCOPED},
    {"POST", "/api/token", desk_token, HTTP_LOCAL},
    {"POST", "/api/admit", desk_admit, HTTP_LOCAL},
    {"POST", "/api/retire", desk_retire, HTTP_LOCAL},
    {"POST", "/api/release", desk_release, RIGHT_OPERATE | ROUTE_SCOPED},
    {"POST", "/api/erase", desk_erase, RIGHT_OPERATE | ROUTE_SCOPED},
    {"POST", "/api/release_bulletin", bulletin_release, RIGHT_OPERATE},
    {"POST", "/api/bulletin_word", bulletin_word, RIGHT_OPERATE},
    {"POST", "/api/plan", desk_plan, HTTP_LOCAL},
    {"POST", "/api/say", desk_say, RIGHT_OPERATE | ROUTE_SCOPED},
    {"POST", "/api/check", desk_check, RIGHT_OPERATE | ROUTE_SCOPED},
    {"POST", "/api/import", route_import, HTTP_LOCAL},
    {"POST", "/api/backup", route_backup, HTTP_LOCAL},
    PEOPLE_ROUTES,
};
const size_t hub_n_routes = sizeof hub_routes / sizeof hub_routes[0];
