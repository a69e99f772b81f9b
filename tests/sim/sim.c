// sim.c - plays seeded worlds of real offices through faults, and looks at what must hold in and after them.
//
//   sim --seeds A-B | --seed N [--trace | --frames] | --list FILE | --nightly MINUTES [--from N]
//
// --small plays worlds of a few offices for some minutes; else they have twenty nodes of three places
// and two hours. The last line is `sim: N seeds, 0 violations`; each violation names seed, time and rule.
#include "disk.h"
#include "faults.h"
#include "oracle.h"
#include "texts.h"
#include "stories.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HEAL_MS = 60000, START_MS = 20000, DAY_MS = 2 * 3600 * 1000, EPISODE = 12 };

// A province, a district and two communes; from other seeds more: a commune without a district, tiers.
static void settle_few(struct world *w)
{
    uint32_t top = world_room(w, "01", ROOM_NONE), district = world_room(w, "01D", top);
    world_room(w, "01D1", district);
    world_room(w, "01D2", district);
    if (w->seed % 3 == 1)
        world_room(w, "01E", top);
    if (w->seed % 5 == 2) {
        uint32_t other = world_room(w, "01F", top);
        world_room(w, "01F1", other);
    }
    if (w->seed % 4 == 3) { // four tiers: sums of sums
        uint32_t region = world_room(w, "01G", top), below_it = world_room(w, "01GA", region);
        world_room(w, "01GA1", below_it);
        world_room(w, "01GA2", below_it);
    }
}

// Twenty communes under three districts, or under two and a region with a district of its own.
static void settle_many(struct world *w)
{
    uint32_t top = world_room(w, "01", ROOM_NONE), hubs[3];
    hubs[0] = world_room(w, "01A", top);
    hubs[1] = world_room(w, "01B", top);
    uint32_t region = w->seed % 3 == 0 ? world_room(w, "01G", top) : top;
    hubs[2] = world_room(w, "01C", region);
    for (uint32_t i = 0; i < 20; i++) {
        char code[8];
        snprintf(code, sizeof code, "01N%u", i);
        world_room(w, code, i == 19 ? top : hubs[i % 3]);
    }
}

static void settle(struct world *w)
{
    if (w->small)
        settle_few(w);
    else
        settle_many(w);
    for (uint32_t i = 0; i < w->n_rooms; i++)
        w->rooms[i].skew = (int64_t)below(w, 5000) - 2500;
    for (uint32_t i = w->n_rooms; i-- > 0;)
        room_start(w, i);
}

static void say_something(struct world *w)
{
    uint32_t room = below(w, w->n_rooms);
    if (room_is_leaf(w, room))
        clerk_says(w, room);
    else if (chance(w, 3))
        clerk_phones(w, room);
    else if (chance(w, 2))
        clerk_chooses(w, room);
}

static void babble(struct world *w)
{
    clerk_babbles(w, 1 + below(w, w->n_rooms - 1));
}

static const struct {
    unsigned weight;
    void (*happens)(struct world *w);
} events[] = {
    {600, say_something},   {30, clerk_again},
    {20, babble},           {70, fault_link},
    {30, fault_half_open},  {10, fault_swizzle},
    {50, fault_noise},      {10, fault_clock},
    {60, fault_kill},       {20, fault_power},
    {30, fault_full},       {10, fault_sync},
    {6, fault_flip},        {30, fault_copy},
    {10, fault_restore},    {12, fault_restore_unseen},
    {20, fault_lose},       {12, story_new_plan},
    {6, story_moves},       {2, story_never_returns},
    {10, story_retires},    {6, story_new_keys},
    {6, story_same_keys},   {6, story_twin},
    {8, story_word_lost},   {10, story_commit_fails},
    {10, story_no_summary}, {8, story_erases},
};
enum { N_EVENTS = sizeof events / sizeof events[0] };

static void something_happens(struct world *w)
{
    uint32_t sum = 0, i = 0;
    for (unsigned k = 0; k < N_EVENTS; k++)
        sum += events[k].weight;
    uint32_t what = below(w, sum);
    while (what >= events[i].weight)
        what -= events[i++].weight;
    world_stir(w);
    events[i].happens(w);
}

// In episodes of many events, with long quiet times between them.
static void pass_time(struct world *w, uint32_t event, uint32_t n_events)
{
    int64_t left = START_MS + DAY_MS - w->now;
    if (!w->small && event % EPISODE == 0 && left > 0)
        world_run(w, w->now + left / (1 + (int64_t)(n_events - event) / EPISODE));
    else
        world_run(w, w->now + (chance(w, 8) ? 20000 : 1 + below(w, 1500)));
}

static void heal(struct world *w)
{
    faults_end(w);
    world_run(w, w->now + HEAL_MS / 2);
    const struct plan *plan = w->rooms[0].office ? office_plan(w->rooms[0].office) : NULL;
    if (!plan || plan->version < w->version)
        story_plan(
            w, w->version); // plans do not go up: a top that lost its store is given its own again
    story_operators(w);
    clerk_again(w);
    world_run(w, w->now + HEAL_MS / 2);
}

struct manner { // in which worlds are played
    bool small, trace, frames;
};

static bool play(uint64_t seed, const struct manner *m)
{
    static struct world w;
    world_open(&w, seed, m->trace);
    w.small = m->small;
    w.frames = m->frames;
    w.version = 1;
    w.beat_ms = w.small || seed % 4 == 0 ? 0 : 10000; // 0: as it is set
    uint32_t n_events = w.small ? 60 + (uint32_t)(seed % 7) * 40 : 200 + (uint32_t)(seed % 5) * 40;
    settle(&w);
    story_plan(&w, w.version);
    world_run(&w, START_MS);
    for (uint32_t i = 1; i < w.n_rooms && !w.violation; i++)
        if (!office_plan(w.rooms[i].office))
            world_violation(&w, "the plan reaches every office", "%s", w.rooms[i].unit.at);
    for (uint32_t i = 0; i < n_events && !w.violation; i++) {
        something_happens(&w);
        pass_time(&w, i, n_events);
    }
    if (!w.violation)
        heal(&w);
    if (!w.violation)
        oracle_check(&w);
    if (!w.violation)
        oracle_steady(&w);
    bool good = !w.violation;
    if (!good && m->trace)
        oracle_show(&w);
    if (!good)
        printf("%sseed %llu at %.3f s: %s: %s\n", w.small ? "small " : "", (unsigned long long)seed,
               (double)w.now / 1000, w.violation, w.detail);
    world_close(&w);
    return good;
}

// A line: [small] SEED, and what it found.
static uint64_t play_list(const char *path, struct manner m, uint64_t *ret_failed)
{
    char line[200];
    uint64_t n = 0;
    FILE *f = fopen(path, "r");
    if (!f) {
        perror(path);
        exit(2);
    }
    while (fgets(line, sizeof line, f)) {
        m.small = strncmp(line, "small ", 6) == 0;
        char *end, *from = line + (m.small ? 6 : 0);
        uint64_t seed = strtoull(from, &end, 10);
        if (end == from)
            continue;
        *ret_failed += !play(seed, &m);
        n++;
    }
    fclose(f);
    return n;
}

int main(int argc, char **argv)
{
    uint64_t from = 1, to = 20, failed = 0, n = 0;
    struct manner m = {0};
    const char *list = NULL;
    double minutes = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--trace") == 0)
            m.trace = true;
        else if (strcmp(argv[i], "--frames") == 0)
            m.trace = m.frames = true;
        else if (strcmp(argv[i], "--small") == 0)
            m.small = true;
        else if (i + 1 < argc && strcmp(argv[i], "--list") == 0)
            list = argv[++i], to = 0;
        else if (i + 1 < argc && strcmp(argv[i], "--nightly") == 0)
            minutes = strtod(argv[++i], NULL), to = UINT64_MAX - 1;
        else if (i + 1 < argc && strcmp(argv[i], "--from") == 0)
            from = strtoull(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
            from = to = strtoull(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--seeds") == 0 && strchr(argv[i + 1], '-')) {
            from = strtoull(argv[++i], NULL, 10);
            to = strtoull(strchr(argv[i], '-') + 1, NULL, 10);
        } else {
            fprintf(stderr, "sim --seeds A-B | --seed N [--trace | --frames] | --list FILE |"
                            " --nightly MINUTES [--from N]   [--small]\n");
            return 2;
        }
    }
    disk_install();
    setvbuf(stdout, NULL, _IOLBF, 0);
    time_t end = time(NULL) + (time_t)(minutes * 60);
    if (list)
        n += play_list(list, m, &failed);
    for (uint64_t seed = from; seed <= to && (minutes <= 0 || time(NULL) < end); seed++, n++)
        failed += !play(seed, &m);
    printf("sim: %llu seeds, %llu violations\n", (unsigned long long)n, (unsigned long long)failed);
    return failed > 0;
}
