// texts.c - texts beside a simulated world's statements: said, erased by an operator, and nowhere then.
#include "texts.h"
#include "clerk.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct bytes text_of(uint64_t act, uint8_t salted[TEXT_ROOM], uint8_t commitment[HASH_SIZE])
{
    memset(salted, 0, SALT_SIZE);
    memcpy(salted, &act, sizeof act);
    int n =
        snprintf((char *)salted + SALT_SIZE, TEXT_ROOM - SALT_SIZE, "ông Tư %08x", (unsigned)act);
    struct bytes b = bytes_of(salted, SALT_SIZE + (size_t)n);
    text_commit(salted, bytes_of(salted + SALT_SIZE, (size_t)n), commitment);
    return b;
}

struct search {
    struct world *w;
    const struct office *here, *top;
    const char *rule;
    uint64_t n;
};

static int on_run(void *ctx, const struct stored_run *run)
{
    struct search *f = ctx;
    struct cursor c;
    struct bytes salted;
    uint64_t n;
    const struct code *about = &office_logs(f->here)->at[run->log].id.about;
    cursor_init(&c, run->texts);
    while (texts_next(&c, &n, &salted)) {
        uint8_t text[HASH_SIZE];
        text_commit(salted.at, bytes_of(salted.at + SALT_SIZE, salted.n - SALT_SIZE), text);
        if (office_erased(f->here, about, text))
            world_violation(f->w, "an erased text is gone where its order is",
                            "%s: record %llu of log %u", office_identity(f->here)->unit.at,
                            (unsigned long long)n, run->log);
        else if (f->top && office_erased(f->top, about, text))
            world_violation(f->w, "what the top knows is erased is nowhere",
                            "%s: record %llu of log %u", office_identity(f->here)->unit.at,
                            (unsigned long long)n, run->log);
    }
    return 0;
}

static void look(struct world *w, uint32_t room, const struct office *top)
{
    const struct office *o = w->rooms[room].office;
    struct search f = {.w = w, .here = o, .top = top};
    store_each(office_store((struct office *)o), on_run, &f);
}

void texts_gone(struct world *w)
{
    // Where logs are held that others cannot take, or differ, an order may be among them.
    bool everywhere = !w->strangers && !w->sets_differ;
    for (uint32_t i = 0; i < w->n_rooms && !w->violation; i++)
        if (!w->rooms[i].gone)
            look(w, i, everywhere ? w->rooms[0].office : NULL);
}

// A statement with a text about a child of a hub at work, or NULL.
static const struct statement *some_text(struct world *w, uint32_t *ret_hub)
{
    uint32_t from = w->n_statements ? below(w, w->n_statements) : 0;
    for (uint32_t i = 0; i < w->n_statements; i++) {
        const struct statement *s = &w->statements[(from + i) % w->n_statements];
        uint32_t hub = w->rooms[s->about].parent;
        if (s->kind != KIND_INCIDENT || hub == ROOM_NONE || w->rooms[s->about].gone ||
            !w->rooms[hub].office || !room_heard(&w->rooms[hub]) ||
            !clerk_stands(w->rooms[hub].office, s, w, false))
            continue;
        *ret_hub = hub;
        return s;
    }
    return NULL;
}

void story_erases(struct world *w)
{
    uint32_t hub;
    const struct statement *s = some_text(w, &hub);
    if (!s)
        return;
    struct room *h = &w->rooms[hub], *r = &w->rooms[s->about];
    struct erase_order order = {.unit = r->unit, .act = s->act};
    order.by = bytes_text("p9");
    order.why = bytes_text("tên người");
    bool unheard = chance(w, 2);
    r->deaf = r->deaf || unheard; // the child hears of it when it is well
    if (unheard)
        r->well_at = w->now + 30000;
    int rc = office_erase(h->office, &order, world_time(w, h));
    world_note(w, "the text of %016llx of %s is erased: %d", (unsigned long long)s->act, r->unit.at,
               rc);
    if (!room_judge(w, hub, rc == -ENOENT ? 0 : rc, "a text is erased"))
        return;
    if (rc == 0)
        look(w, hub, NULL);
    if (room_turn(w, hub) < 0 || rc < 0 || w->violation || chance(w, 3))
        return;
    world_run(w, w->now + below(w, 3000));
    if (!h->office)
        return;
    clerk_loses(w, hub, UINT32_MAX);
    room_kill(w, hub, 500 + below(w, 5000));
    store_lose(w, hub);
    world_note(w, "%s has lost its store, and comes back from the others", h->unit.at);
}
