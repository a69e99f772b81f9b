// fuzz_frame.c - frames, runs, marks, certificates: bytes of a stranger through every reader of the link.
#include "fuzz.h"
#include "proto/frame.h"

static void walk_run(struct bytes body, struct bytes texts)
{
    struct run run = {.texts = texts};
    struct cursor c;
    struct bytes record, salted;
    const char *why;
    uint64_t at;
    unsigned n = 0;
    cursor_init(&c, texts);
    while (texts_next(&c, &at, &salted))
        MUST(salted.n >= SALT_SIZE);
    if (run_decode(&run, body, &why) < 0)
        return;
    MUST(run.first > 0 && run.n >= run.first);
    cursor_init(&c, run.records);
    while (run_next(&c, &record))
        n++;
    MUST(cursor_ok(&c) && n == run.n - run.first + 1);
}

static void walk(const struct frame *f)
{
    struct cursor items = f->items;
    struct have h;
    struct frame_link l;
    struct bytes one, two;
    struct mark m;
    unsigned n = 0;
    if (f->kind == FRAME_HAVE)
        while (frame_next_have(&items, &h))
            n++;
    if (f->kind == FRAME_RUN)
        for (; frame_next_run(&items, &one, &two); n++)
            walk_run(one, two);
    if (f->kind == FRAME_BEAT)
        while (frame_next_link(&items, &l))
            n++;
    if (f->kind == FRAME_MARK)
        for (; frame_next_mark(&items, &one); n++)
            (void)mark_decode(&m, one);
    MUST(n == f->n_items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct frame f;
    struct mark m;
    struct certificate c;
    const char *why;
    static const uint8_t election[ELECTION_SIZE];
    struct bytes b = bytes_of(data, n);
    if (frame_decode(&f, b, &why) == 0)
        walk(&f);
    else
        MUST(why);
    (void)mark_decode(&m, b);
    (void)certificate_check(&c, b, election);
    walk_run(b, b);
    return 0;
}
