// children.c - who may knock: children's keys and unused tokens, in a small owner-only file of its own.
#include "children.h"
#include "common/base/savefile.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

//   children = [[*[unit, certificate, retired]], [*[unit, door, voucher, made]]]
enum { FILE_MAX = 64 << 20 };
static const char file[] = "children";

struct door {
    struct code unit;
    uint8_t curve[KEY_SIZE], voucher[KEY_SIZE];
    int64_t made;
};
struct children {
    char dir[4096];
    struct child_entry *at;
    uint32_t n, cap;
    struct door *doors;
    uint32_t n_doors, cap_doors;
    uint32_t *slots, mask; // of at[], by CURVE key
};

static void *more(void *at, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap)
        return at;
    *cap = *cap ? *cap * 2 : 16;
    at = realloc(at, *cap * size);
    if (!at)
        abort();
    return at;
}

static uint32_t hash_of_key(const uint8_t *key)
{
    uint32_t h;
    memcpy(&h, key, sizeof h);
    return h;
}

static void index_keys(struct children *c)
{
    uint32_t want = 64;
    while (want < c->n * 2 + 2)
        want *= 2;
    free(c->slots);
    c->slots = malloc(want * sizeof *c->slots);
    if (!c->slots)
        abort();
    memset(c->slots, 0xff, want * sizeof *c->slots);
    c->mask = want - 1;
    for (uint32_t i = 0; i < c->n; i++) {
        uint32_t s = hash_of_key(c->at[i].curve);
        while (c->slots[s & c->mask] != UINT32_MAX)
            s++;
        c->slots[s & c->mask] = i;
    }
}

static int save(struct children *c)
{
    size_t cap = 64 + (size_t)c->n * (CERTIFICATE_MAX + CODE_MAX + 16) +
                 (size_t)c->n_doors * (CODE_MAX + 100);
    uint8_t *buffer = malloc(cap);
    struct packer p;
    if (!buffer)
        abort();
    pack_init(&p, buffer, cap);
    pack_array(&p, 2);
    pack_array(&p, c->n);
    for (uint32_t i = 0; i < c->n; i++) {
        pack_array(&p, 3);
        pack_text(&p, code_bytes(&c->at[i].unit));
        pack_bin(&p, bytes_of(c->at[i].certificate, c->at[i].n_certificate));
        pack_uint(&p, c->at[i].retired);
    }
    pack_array(&p, c->n_doors);
    for (uint32_t i = 0; i < c->n_doors; i++) {
        pack_array(&p, 4);
        pack_text(&p, code_bytes(&c->doors[i].unit));
        pack_bin(&p, bytes_of(c->doors[i].curve, KEY_SIZE));
        pack_bin(&p, bytes_of(c->doors[i].voucher, KEY_SIZE));
        pack_uint(&p, (uint64_t)c->doors[i].made);
    }
    int rc = savefile_write(c->dir, file, packed(&p));
    free(buffer);
    return rc;
}

// The keys of an entry are those of its certificate, whose signatures were checked when it came.
static bool read_certificate(struct child_entry *e)
{
    struct cursor cur;
    cursor_init(&cur, bytes_of(e->certificate, e->n_certificate));
    take_array(&cur, 7, 7);
    e->unit = code_of(take_text(&cur, CODE_MAX));
    take_uint(&cur, UINT64_MAX);
    take_copy(&cur, e->key, KEY_SIZE);
    take_copy(&cur, e->curve, KEY_SIZE);
    take_copy(&cur, e->voucher, KEY_SIZE);
    return cursor_ok(&cur);
}

static void add_entry(struct children *c, struct bytes certificate, bool retired)
{
    c->at = more(c->at, c->n, &c->cap, sizeof *c->at);
    struct child_entry *e = &c->at[c->n];
    memset(e, 0, sizeof *e);
    memcpy(e->certificate, certificate.at, certificate.n);
    e->n_certificate = (uint16_t)certificate.n;
    e->retired = retired;
    if (read_certificate(e))
        c->n++;
}

static int load(struct children *c)
{
    uint8_t *content;
    size_t n;
    struct cursor cur;
    int rc = savefile_read(c->dir, file, FILE_MAX, &content, &n);
    if (rc == -ENOENT)
        return 0;
    if (rc < 0)
        return rc;
    cursor_init(&cur, bytes_of(content, n));
    take_array(&cur, 2, 2);
    for (size_t i = take_array(&cur, 0, CHILDREN_MAX); i > 0 && cursor_ok(&cur); i--) {
        take_array(&cur, 3, 3);
        take_text(&cur, CODE_MAX);
        struct bytes certificate = take_bin(&cur, 1, CERTIFICATE_MAX);
        bool retired = take_uint(&cur, 1) == 1;
        if (cursor_ok(&cur))
            add_entry(c, certificate, retired);
    }
    for (size_t i = take_array(&cur, 0, CHILDREN_MAX); i > 0 && cursor_ok(&cur); i--) {
        c->doors = more(c->doors, c->n_doors, &c->cap_doors, sizeof *c->doors);
        struct door *d = &c->doors[c->n_doors++];
        take_array(&cur, 4, 4);
        d->unit = code_of(take_text(&cur, CODE_MAX));
        take_copy(&cur, d->curve, KEY_SIZE);
        take_copy(&cur, d->voucher, KEY_SIZE);
        d->made = (int64_t)take_uint(&cur, INT64_MAX);
    }
    take_end(&cur);
    free(content);
    return cursor_ok(&cur) ? 0 : -EBADMSG;
}

int children_open(struct children **ret, const char *dir)
{
    struct children *c = calloc(1, sizeof *c);
    if (!c || strlen(dir) >= sizeof c->dir)
        abort();
    memcpy(c->dir, dir, strlen(dir) + 1);
    *ret = c;
    int rc = load(c);
    index_keys(c);
    if (rc < 0)
        children_close(ret);
    return rc;
}

void children_close(struct children **c)
{
    if (!*c)
        return;
    free((*c)->at);
    free((*c)->doors);
    free((*c)->slots);
    free(*c);
    *c = NULL;
}

int children_find(const struct children *c, const uint8_t curve[KEY_SIZE], struct code *ret_unit)
{
    for (uint32_t s = hash_of_key(curve); c->slots[s & c->mask] != UINT32_MAX; s++) {
        const struct child_entry *e = &c->at[c->slots[s & c->mask]];
        if (memcmp(e->curve, curve, KEY_SIZE) != 0)
            continue;
        *ret_unit = e->unit;
        return e->retired ? -ENOENT : 0;
    }
    for (uint32_t i = 0; i < c->n_doors; i++)
        if (memcmp(c->doors[i].curve, curve, KEY_SIZE) == 0) {
            *ret_unit = c->doors[i].unit;
            return 1;
        }
    return -ENOENT;
}

int children_token(struct children *c, const struct token *t, int64_t now)
{
    uint8_t secret[SECRET_SIZE];
    struct door d = {.unit = t->unit, .made = now};
    token_door(t, d.curve, secret);
    token_voucher(t, d.voucher, secret);
    if (c->n_doors + c->n >= CHILDREN_MAX)
        return -ENOSPC;
    c->doors = more(c->doors, c->n_doors, &c->cap_doors, sizeof *c->doors);
    c->doors[c->n_doors++] = d;
    int rc = save(c);
    if (rc < 0)
        c->n_doors--;
    return rc;
}

static const struct door *door_for(const struct children *c, const struct certificate *k)
{
    for (uint32_t i = 0; i < c->n_doors; i++)
        if (code_same(&c->doors[i].unit, &k->unit) &&
            memcmp(c->doors[i].voucher, k->voucher, KEY_SIZE) == 0)
            return &c->doors[i];
    return NULL;
}

int children_enrol(struct children *c, struct bytes certificate, const struct code *door_unit,
                   const uint8_t election[ELECTION_SIZE], int64_t now, const char **ret_why)
{
    struct certificate k;
    *ret_why = "the certificate is not signed by its token: use the token once more, whole";
    if (certificate.n > CERTIFICATE_MAX || certificate_check(&k, certificate, election) < 0 ||
        !code_same(&k.unit, door_unit))
        return -EACCES;
    for (uint32_t i = 0; i < c->n; i++)
        if (bytes_same(bytes_of(c->at[i].certificate, c->at[i].n_certificate), certificate))
            return 0; // the answer was lost: it gets the same one
    const struct door *d = door_for(c, &k);
    *ret_why = "the token is not known here: ask for a new one";
    if (!d)
        return -EACCES;
    *ret_why = "the token is older than 7 days: ask for a new one";
    if (now - d->made > TOKEN_DAYS * 86400000LL)
        return -EACCES;
    *ret_why = "the token was used by another machine: ask the operator who that was";
    for (uint32_t i = 0; i < c->n; i++)
        if (memcmp(c->at[i].voucher, k.voucher, KEY_SIZE) == 0)
            return -EACCES;
    add_entry(c, certificate, false);
    int rc = save(c);
    if (rc < 0)
        c->n--;
    index_keys(c);
    *ret_why = "the list of children could not be written";
    return rc;
}

int children_retire(struct children *c, const struct code *unit)
{
    bool any = false;
    for (uint32_t i = 0; i < c->n; i++)
        if (code_same(&c->at[i].unit, unit) && !c->at[i].retired)
            any = c->at[i].retired = true;
    return any ? save(c) : -ENOENT;
}

const struct child_entry *children_at(const struct children *c, uint32_t i)
{
    return i < c->n ? &c->at[i] : NULL;
}
