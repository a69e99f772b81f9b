// pageload.c - the reply to /api/state of a hub, made anew after each of many changes.
//
// hub/board.c is linked by itself; of the daemon around it stands here what it asks: the office, the time, and a
// person at the hub's own desk.
#include "common/daemon/commands.h"
#include "common/office/view.h"
#include "hub/hub.h"
#include "tests/lib/doors.h"
#include "tests/lib/folder.h"
#include "workloads.h"
#include <string.h>

enum { CHANGES = 20 };

static struct room {
    struct office *office;
    char dir[64];
    uint64_t drawn, act;
    unsigned places;
    struct http_reply reply;
    uint64_t voted;
} m;

struct office *daemon_office(struct daemon *d)
{
    (void)d;
    return m.office;
}

struct moment daemon_now(void)
{
    int64_t passed = (int64_t)m.act;
    return (struct moment){.mono = 100000 + passed, .wall = 1463904000000 + passed};
}

const char *daemon_dir(const struct daemon *d)
{
    (void)d;
    return m.dir;
}

uint32_t reply_unit(const struct office *o, const struct http_request *q, struct http_reply *a)
{
    (void)q, (void)a;
    return plan_unit_of(office_plan(o), code_bytes(&office_identity(o)->unit));
}

json_t *reply_quarantine(const struct office *o, const struct http_request *q)
{
    json_t *j = view_quarantine(o, people_restricted(q));
    json_object_set_new(j, "n",
                        json_integer((json_int_t)json_array_size(json_object_get(j, "items"))));
    return j;
}

void reply_json(struct http_reply *a, void *json_t_root)
{
    a->body = view_dump(json_t_root);
    a->n = strlen(a->body);
}

const char *http_query(const struct http_request *q, const char *name)
{
    (void)q, (void)name;
    return NULL;
}

bool people_sees(const struct http_request *q, const struct plan *p, uint32_t unit)
{
    (void)q, (void)p, (void)unit;
    return true;
}

const struct child_entry *children_at(const struct children *c, uint32_t i)
{
    (void)c, (void)i;
    return NULL;
}

void gate_counts(const struct gate *g, struct gate_counts *ret)
{
    (void)g;
    memset(ret, 0, sizeof *ret);
}

static void say(uint32_t first, uint32_t n, unsigned which)
{
    static uint8_t buffers[PLACES_OF_UNIT][RECORD_MAX];
    struct bytes records[PLACES_OF_UNIT];
    const struct plan *p = office_plan(m.office);
    struct code about = code_of(p->units[p->units[first].parent].code);
    uint64_t number;
    for (uint32_t i = 0; i < n; i++)
        records[i] =
            bytes_of(buffers[i], workplan_statement(p, first + i, which, ++m.act, buffers[i]));
    MUST(office_say(m.office, &about, &(struct own_records){.records = records, .n = n},
                    daemon_now(), &number) == 0);
}

static uint32_t unit_of_place(unsigned place) // its index in the plan
{
    return 2 + place + place / PLACES_OF_UNIT;
}

static void make(void *ctx)
{
    struct hub hub = {0};
    struct http_request q = {.method = "GET", .path = "/api/state", .local = true, .may = ~0u};
    (void)ctx;
    board_state(&hub, &q, &m.reply);
}

static void check_reply(void)
{
    json_t *j = json_loadb(m.reply.body, m.reply.n, 0, NULL);
    MUST(j);
    json_t *kind = json_array_get(json_object_get(j, "totals"), 0);
    json_t *second = json_array_get(json_object_get(kind, "turnout"), 1);
    MUST(json_array_size(json_object_get(j, "children")) ==
         (m.places + PLACES_OF_UNIT - 1) / PLACES_OF_UNIT);
    MUST(json_integer_value(json_object_get(second, "voted")) == (json_int_t)m.voted);
    json_decref(j);
}

static void open_room(unsigned places)
{
    static const char *const top[] = {"T"};
    static struct identity id;
    struct bytes plan = workplan(top, 1, places, PLACES_OF_UNIT);
    uint8_t seed[SEED_SIZE] = {7};
    m.places = places;
    MUST(folder_make(m.dir, "workload") == 0);
    id.unit = code_of(bytes_text("T"));
    id.incarnation = 11;
    key_pair(seed, id.key, id.secret);
    struct office_setup setup = {.dir = m.dir,
                                 .identity = &id,
                                 .boot = 5,
                                 .full_bytes = 1000,
                                 .doors = doors_shut(&m.drawn)};
    MUST(office_open(&m.office, &setup, daemon_now()) == 0);
    MUST(office_load_plan(m.office, plan, daemon_now()) == 0);
    free((void *)(uintptr_t)plan.at);
    for (unsigned i = 0; i < places; i += PLACES_OF_UNIT)
        say(unit_of_place(i), places - i < PLACES_OF_UNIT ? places - i : PLACES_OF_UNIT, 0);
}

void load_page(unsigned size, struct done *ret)
{
    unsigned changes = size < CHANGES ? size : CHANGES;
    json_object_seed(7); // else drawn: the order of work in its tables would be another each time
    open_room(size);
    for (unsigned i = 0; i < changes; i++) {
        unsigned place = (unsigned)((uint64_t)i * size / changes);
        say(unit_of_place(place), 1, 1);
        m.voted += workplan_voted(place, 1);
        free(m.reply.body);
        m.reply = (struct http_reply){0};
        measured(make, NULL);
        check_reply();
    }
    ret->records = changes;
    snprintf(ret->what, sizeof ret->what,
             "the state of a hub with %u places as JSON after each of %u changes", size, changes);
    free(m.reply.body);
    office_close(&m.office);
    MUST(folder_remove(m.dir) == 0);
}
