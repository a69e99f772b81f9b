// country.c - keys and state directories of a whole country's units, made beforehand as enrolment makes them.
//
//   country stage DIR          country nodes DIR PART PARTS          both are called by run-country
#include "country.h"
#include "common/base/savefile.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { UNITS_MAX = 20000, TIERS_MAX = SIGNERS_MAX + 1 };

struct unit {
    struct identity id;
    uint8_t certificate[CERTIFICATE_MAX];
    size_t n_certificate;
    int parent; // -1: the top
    bool hub;
};
static struct unit *units;
static unsigned n_units;

static int find(const char *code)
{
    for (unsigned i = n_units; i-- > 0;) // a parent stands close before its children
        if (strcmp(units[i].id.unit.at, code) == 0)
            return (int)i;
    return -1;
}

static int read_tree(const char *dir)
{
    char path[600], code[CODE_MAX + 1], parent[CODE_MAX + 1], what[8];
    snprintf(path, sizeof path, "%s/tree", dir);
    FILE *f = fopen(path, "re");
    if (!f)
        return -errno;
    while (n_units < UNITS_MAX && fscanf(f, "%80s %80s %7s", code, parent, what) == 3) {
        struct unit *u = &units[n_units];
        u->id.unit = code_of(bytes_text(code));
        u->parent = find(parent);
        u->hub = strcmp(what, "hub") == 0;
        n_units++;
    }
    fclose(f);
    return n_units > 0 ? 0 : -EBADMSG;
}

static void make_keys(unsigned i)
{
    struct unit *u = &units[i];
    struct identity voucher;
    struct code code = u->id.unit;
    identity_make(&u->id);
    identity_make(&voucher);
    u->id.unit = code;
    u->id.drill = true;
    memcpy(u->id.election, units[0].id.election, ELECTION_SIZE);
    for (int up = u->parent; up >= 0 && u->id.n_signers < SIGNERS_MAX; up = units[up].parent) {
        struct signer *s = &u->id.signers[u->id.n_signers++];
        s->unit = units[up].id.unit;
        memcpy(s->key, units[up].id.key, KEY_SIZE);
    }
    if (u->parent >= 0) { // the port is put in when the parent has one
        u->id.n_ways = 1;
        snprintf(u->id.ways[0].address, sizeof u->id.ways[0].address, "127.0.0.1:1");
        memcpy(u->id.ways[0].curve, units[u->parent].id.curve, KEY_SIZE);
    }
    struct certificate c = {.unit = code, .incarnation = u->id.incarnation};
    memcpy(c.key, u->id.key, KEY_SIZE);
    memcpy(c.curve, u->id.curve, KEY_SIZE);
    memcpy(c.voucher, voucher.key, KEY_SIZE);
    u->n_certificate =
        certificate_make(&c, u->id.election, u->id.secret, voucher.secret, u->certificate);
}

// The hub's list of children as hub/children.c writes it.
static int write_children(const char *dir, int hub)
{
    static uint8_t buffer[2 << 20];
    struct packer p;
    unsigned n = 0;
    for (unsigned i = 0; i < n_units; i++)
        n += units[i].parent == hub;
    pack_init(&p, buffer, sizeof buffer);
    pack_array(&p, 2);
    pack_array(&p, n);
    for (unsigned i = 0; i < n_units; i++) {
        if (units[i].parent != hub)
            continue;
        pack_array(&p, 3);
        pack_text(&p, code_bytes(&units[i].id.unit));
        pack_bin(&p, bytes_of(units[i].certificate, units[i].n_certificate));
        pack_uint(&p, 0);
    }
    pack_array(&p, 0);
    return p.full ? -EFBIG : savefile_write(dir, "children", packed(&p));
}

int country_stage(const char *dir)
{
    char own[700];
    units = calloc(UNITS_MAX, sizeof *units);
    if (!units)
        abort();
    int rc = read_tree(dir);
    struct identity drawn; // sixteen random bytes: of the election
    identity_make(&drawn);
    memcpy(units[0].id.election, drawn.key, ELECTION_SIZE);
    for (unsigned i = 0; i < n_units && rc == 0; i++)
        make_keys(i);
    for (unsigned i = 0; i < n_units && rc == 0; i++) {
        snprintf(own, sizeof own, "%s/%s", dir, units[i].id.unit.at);
        rc = mkdir(own, 0700) < 0 ? -errno : identity_write(own, &units[i].id);
        if (rc == 0 && units[i].hub)
            rc = write_children(own, (int)i);
    }
    free(units);
    if (rc < 0)
        fprintf(stderr, "country: %s: %s\n", dir, strerror(-rc));
    return rc;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "stage") == 0)
        return country_stage(argv[2]) == 0 ? 0 : 1;
    if (argc == 5 && strcmp(argv[1], "nodes") == 0)
        return country_nodes(argv[2], (unsigned)atoi(argv[3]), (unsigned)atoi(argv[4])) == 0 ? 0
                                                                                             : 1;
    fputs("country stage DIR | country nodes DIR PART PARTS\n", stderr);
    return 2;
}
