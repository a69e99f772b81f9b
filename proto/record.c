// record.c - the shape of each kind of record: one table for bytes, ranges, names and who may say it.
#include "record.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

#define NUM(name, least, most)                                                                     \
    {                                                                                              \
        name, FIELD_NUMBER, least, most                                                            \
    }
#define OPT(name)                                                                                  \
    {                                                                                              \
        name, FIELD_OPTIONAL, 0, COUNT_MAX                                                         \
    }
#define TXT(name, most)                                                                            \
    {                                                                                              \
        name, FIELD_TEXT, 0, most                                                                  \
    }
#define BIN(name, least, most)                                                                     \
    {                                                                                              \
        name, FIELD_BIN, least, most                                                               \
    }
#define TIME_MAX INT64_MAX
#define HASH     BIN("hash", 32, 32)
#define TEXT     BIN("text", 0, 32) // commitment to an attached text, empty where there is none

enum {
    NODE = SAID_BY_NODE,
    HUB = SAID_BY_HUB,
    ABOUT = SAID_ABOUT,
    PLAN = SAID_IN_PLAN,
    BOTH = NODE | ABOUT
};

static const struct record_spec specs[] = {
    {KIND_STEP, "step", BOTH, NULL, {NUM("what", 1, STEP_LAST)}},
    {KIND_TURNOUT,
     "turnout",
     BOTH,
     NULL,
     {NUM("cutoff", 1, 64), NUM("voted", 0, COUNT_MAX), OPT("eligible")}},
    {KIND_LIST_CHANGE, "list_change", BOTH, NULL, {OPT("added"), OPT("removed"), OPT("eligible")}},
    {KIND_TALLY,
     "tally",
     BOTH,
     "votes",
     {BIN("definition", 8, 8), OPT("eligible"), OPT("attended"), OPT("printed"), OPT("issued"),
      OPT("spoiled"), OPT("unused"), OPT("returned"), OPT("valid"), OPT("invalid"), OPT("blank"),
      OPT("total"), OPT("summoned"), OPT("elsewhere"), OPT("exempt"), OPT("suspended"),
      OPT("absent")}},
    {KIND_MINUTES,
     "minutes",
     BOTH,
     NULL,
     {TXT("number", PERSON_MAX), TXT("form", PERSON_MAX), OPT("copies"), OPT("witnesses"),
      OPT("signed"), OPT("complaints"), OPT("settled"), OPT("passed"), BIN("hash", 0, 32)}},
    {KIND_INCIDENT,
     "incident",
     BOTH,
     NULL,
     {NUM("category", 0, 255), NUM("severity", 1, 4), NUM("state", 1, 3), TXT("actor", PERSON_MAX),
      TEXT}},
    {KIND_COMPLAINT,
     "complaint",
     BOTH,
     NULL,
     {NUM("sort", 1, 3), NUM("state", 1, 4), TXT("passed_to", PERSON_MAX), TXT("actor", PERSON_MAX),
      TEXT}},
    {KIND_SITUATION,
     "situation",
     BOTH,
     NULL,
     {NUM("cutoff", 1, 64), NUM("order", 1, 4), NUM("weather", 1, 4), NUM("roads", 1, 4),
      NUM("lines", 1, 4), TEXT}},
    {KIND_DECISION,
     "decision",
     BOTH,
     NULL,
     {NUM("what", 1, DECISION_LAST), TXT("number", PERSON_MAX), NUM("date", 0, TIME_MAX),
      TXT("signatory", PERSON_MAX), NUM("on", 0, TIME_MAX)}},
    {KIND_RECEIPT, "receipt", NODE, NULL, {NUM("of", 0, UINT64_MAX)}},
    {KIND_READY, "ready", BOTH, NULL, {BIN("plan_hash", 32, 32), TXT("decision", PERSON_MAX)}},
    {KIND_SHIFT, "shift", NODE | HUB, NULL, {TXT("to", PERSON_MAX)}},
    {KIND_VOID, "void", BOTH | HUB, NULL, {NUM("reason", 0, 15), TXT("moved_to", CODE_MAX)}},
    {KIND_SEALED, "sealed", NODE, NULL, {NUM("number", 1, 1000), NUM("n", 0, UINT64_MAX), HASH}},
    {KIND_SUMMARY, "summary", HUB, NULL, {BIN("content", 0, SUMMARY_MAX)}},
    {KIND_BULLETIN,
     "bulletin",
     HUB,
     NULL,
     {NUM("number", 1, 10000), NUM("cutoff", 0, 64), HASH, BIN("positions", 0, BULLETIN_MAX),
      BIN("content", 1, BULLETIN_MAX)}},
    {KIND_PAUSE, "pause", HUB, NULL, {NUM("number", 1, 10000)}},
    {KIND_RESUME, "resume", HUB, NULL, {NUM("number", 1, 10000)}},
    {KIND_INSTRUCTION, "instruction", ABOUT, NULL, {NUM("due", 0, TIME_MAX), TEXT}},
    {KIND_VERDICT,
     "verdict",
     ABOUT,
     "among",
     {NUM("word", 1, VERDICT_LAST), NUM("of", 0, UINT64_MAX), NUM("waives", 0, UINT32_MAX)}},
    {KIND_ADMIT,
     "admit",
     ABOUT,
     NULL,
     {NUM("incarnation", 1, UINT64_MAX), BIN("certificate", 1, 600)}},
    {KIND_RETIRE,
     "retire",
     ABOUT,
     NULL,
     {BIN("key", 0, 32), NUM("incarnation", 0, UINT64_MAX), NUM("n", 0, UINT64_MAX),
      BIN("hash", 0, 32)}},
    {KIND_OVERRULE, "overrule", ABOUT, NULL, {BIN("told", 0, 7000), BIN("proven", 0, 7000)}},
    {KIND_ERASE, "erase", ABOUT, NULL, {NUM("of", 0, UINT64_MAX), BIN("text", 32, 32)}},
    {KIND_FORK,
     "fork",
     ABOUT,
     NULL,
     {NUM("stream", 1, 3), NUM("incarnation", 1, UINT64_MAX), NUM("n", 0, UINT64_MAX),
      BIN("ours", 32, 32), BIN("theirs", 32, 32)}},
    {KIND_PLAN_PART,
     "plan_part",
     PLAN,
     NULL,
     {NUM("version", 1, UINT32_MAX), NUM("index", 0, 65535), NUM("count", 1, 65536), HASH,
      BIN("part", 0, PART_MAX)}},
};

enum { N_SPECS = sizeof specs / sizeof specs[0] };

const struct record_spec *record_spec(unsigned kind)
{
    for (unsigned i = 0; i < N_SPECS; i++)
        if (specs[i].kind == kind)
            return &specs[i];
    return NULL;
}

const struct record_spec *record_spec_named(struct bytes name)
{
    for (unsigned i = 0; i < N_SPECS; i++)
        if (bytes_same(bytes_text(specs[i].name), name))
            return &specs[i];
    return NULL;
}

static unsigned n_fields(const struct record_spec *s)
{
    unsigned n = 0;
    while (n < FIELDS_MAX && s->fields[n].name)
        n++;
    return n;
}

static bool any_optional(const struct record_spec *s)
{
    for (const struct field *f = s->fields; f->name; f++)
        if (f->type == FIELD_OPTIONAL)
            return true;
    return false;
}

static void encode_body(struct packer *p, const struct record_spec *s, const struct record *r)
{
    bool mask = any_optional(s);
    pack_array(p, mask + n_fields(s) + (s->list != NULL));
    if (mask)
        pack_uint(p, r->stated);
    for (unsigned i = 0; s->fields[i].name; i++) {
        if (s->fields[i].type == FIELD_TEXT)
            pack_text(p, r->blob[i]);
        else if (s->fields[i].type == FIELD_BIN)
            pack_bin(p, r->blob[i]);
        else
            pack_uint(p, r->number[i]);
    }
    if (s->list) {
        pack_array(p, r->n_list);
        for (unsigned i = 0; i < r->n_list; i++)
            pack_uint(p, r->list[i]);
    }
}

int record_encode(const struct record *r, void *buffer, size_t cap, const char **ret_why)
{
    const struct record_spec *s = record_spec(r->kind);
    assert(s && r->n_replaces <= REPLACES_MAX && r->n_list <= LIST_MAX);
    struct packer p;
    pack_init(&p, buffer, cap < RECORD_MAX ? cap : RECORD_MAX);
    pack_array(&p, 13);
    pack_uint(&p, r->act);
    pack_uint(&p, r->kind);
    pack_uint(&p, (uint64_t)r->at);
    pack_uint(&p, (uint64_t)r->entered);
    pack_text(&p, r->by);
    pack_uint(&p, r->how);
    pack_text(&p, r->behalf);
    pack_uint(&p, r->plan);
    pack_array(&p, r->n_replaces);
    for (unsigned i = 0; i < r->n_replaces; i++)
        pack_uint(&p, r->replaces[i]);
    pack_text(&p, r->why);
    pack_text(&p, r->subject);
    pack_text(&p, r->contest);
    encode_body(&p, s, r);
    if (p.full)
        return -EMSGSIZE;
    struct record back;
    return record_decode(&back, packed(&p), ret_why) < 0 ? -EINVAL : (int)p.n;
}

// Candidates of a tally ascend, so that equal tallies are equal bytes.
static const char *list_fault(const struct record *r)
{
    if (r->kind != KIND_TALLY)
        return NULL;
    if (r->n_list % 2 != 0)
        return "votes are pairs of candidate and votes";
    for (unsigned i = 1; i < r->n_list; i += 2)
        if (r->list[i] > COUNT_MAX)
            return "more votes than there can be";
    if (r->n_list > 0 && r->list[r->n_list - 2] >> 32 >= COLUMNS)
        return "a column of votes that is not there";
    for (unsigned i = 2; i < r->n_list; i += 2)
        if (r->list[i] <= r->list[i - 2])
            return "candidates must ascend";
    return NULL;
}

static void decode_body(struct record *r, const struct record_spec *s, struct cursor *c)
{
    bool mask = any_optional(s);
    size_t want = mask + n_fields(s) + (s->list != NULL);
    uint32_t all = 0;
    take_array(c, want, want);
    uint32_t stated = mask ? (uint32_t)take_uint(c, UINT32_MAX) : 0;
    for (unsigned i = 0; s->fields[i].name; i++) {
        const struct field *f = &s->fields[i];
        if (f->type == FIELD_TEXT) {
            r->blob[i] = take_text(c, f->max);
        } else if (f->type == FIELD_BIN) {
            r->blob[i] = take_bin(c, f->min, f->max);
        } else {
            r->number[i] = take_uint(c, f->max);
            all |= f->type == FIELD_OPTIONAL ? 1u << i : 0;
            if (!c->bad && r->number[i] < f->min)
                c->bad = "number too small";
            if (!c->bad && f->type == FIELD_OPTIONAL && !(stated >> i & 1) && r->number[i] != 0)
                c->bad = "a number that is not stated must be 0";
        }
    }
    if (!c->bad && (stated & ~all))
        c->bad = "states a field that is not optional";
    r->stated = stated;
    if (s->list) {
        r->n_list = (unsigned)take_array(c, 0, LIST_MAX);
        for (unsigned i = 0; i < r->n_list; i++)
            r->list[i] = take_uint(c, UINT64_MAX);
    }
    if (!c->bad)
        c->bad = list_fault(r);
}

static void decode_common(struct record *r, struct cursor *c)
{
    take_array(c, 13, 13);
    r->act = take_uint(c, UINT64_MAX);
    r->kind = (unsigned)take_uint(c, 65535);
    r->at = (int64_t)take_uint(c, INT64_MAX);
    r->entered = (int64_t)take_uint(c, INT64_MAX);
    r->by = take_text(c, PERSON_MAX);
    r->how = (unsigned)take_uint(c, 255);
    r->behalf = take_text(c, PERSON_MAX);
    r->plan = (uint32_t)take_uint(c, UINT32_MAX);
    r->n_replaces = (unsigned)take_array(c, 0, REPLACES_MAX);
    for (unsigned i = 0; i < r->n_replaces; i++)
        r->replaces[i] = take_uint(c, UINT64_MAX);
    r->why = take_text(c, WHY_MAX);
    r->subject = take_text(c, CODE_MAX);
    r->contest = take_text(c, CODE_MAX);
}

int record_decode(struct record *r, struct bytes b, const char **ret_why)
{
    struct cursor c;
    cursor_init(&c, b);
    memset(r, 0, offsetof(struct record, replaces)); // the lists are read only up to their numbers
    if (b.n > RECORD_MAX)
        c.bad = "record too long";
    decode_common(r, &c);
    r->body = bytes_of(c.at, (size_t)(c.end - c.at));
    const struct record_spec *s = c.bad ? NULL : record_spec(r->kind);
    if (!c.bad && !s) {
        *ret_why = "a kind of record unknown here";
        return -ENOTSUP;
    }
    if (s)
        decode_body(r, s, &c);
    take_end(&c);
    *ret_why = c.bad;
    return c.bad ? -EBADMSG : 0;
}

int record_glance(struct record *r, struct bytes b)
{
    struct cursor c;
    cursor_init(&c, b);
    decode_common(r, &c);
    r->body = bytes_of(c.at, (size_t)(c.end - c.at));
    return c.bad ? -EBADMSG : 0;
}

bool record_number(const struct record *r, unsigned field, uint64_t *ret_value)
{
    const struct record_spec *s = record_spec(r->kind);
    *ret_value = r->number[field];
    return s->fields[field].type == FIELD_NUMBER || (r->stated >> field & 1);
}

void record_set(struct record *r, unsigned field, uint64_t value)
{
    const struct record_spec *s = record_spec(r->kind);
    r->number[field] = value;
    if (s->fields[field].type == FIELD_OPTIONAL)
        r->stated |= 1u << field;
}

const uint8_t *record_commitment(const struct record *r)
{
    const struct record_spec *s = record_spec(r->kind);
    if (!s || r->kind == KIND_ERASE)
        return NULL;
    for (unsigned i = 0; s->fields[i].name; i++)
        if (s->fields[i].type == FIELD_BIN && strcmp(s->fields[i].name, "text") == 0)
            return r->blob[i].n == 32 ? r->blob[i].at : NULL;
    return NULL;
}
