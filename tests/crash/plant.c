// plant.c - bugs planted between the office and its store, or in the disk, that these tests must find.
//
//   early     a commit is answered before it is done: it is done when the next turn begins
//   off       synchronous=OFF            normal    synchronous=NORMAL
//   lies      the disk says that it synced, and did not
//   unmarked  after an I/O error the store is not marked as suspect, and the next start keeps its WAL
//   deaf      a failure of SQLite is passed over where the store is written
//   left      a store that is closed is left open
#include "plant.h"
#include "crashdisk.h"
#include "common/store/inside.h"
#include <string.h>

static const char *const names[] = {"early", "off", "normal", "lies", "unmarked", "deaf", "left"};
static const char *planted = "";
static bool owed;
static unsigned n_left;
extern struct store *plant_left[16]; // where the sanitizer for leaks finds them: it is not its turn
struct store *plant_left[16];

int __real_store_open(struct store **ret_store, const char *dir);
int __wrap_store_open(struct store **ret_store, const char *dir);
int __real_store_begin(struct store *s);
int __wrap_store_begin(struct store *s);
int __real_store_commit(struct store *s);
int __wrap_store_commit(struct store *s);
void __real_store_close(struct store **store);
void __wrap_store_close(struct store **store);
int __real_store_append(struct store *s, const struct stored_run *run);
int __wrap_store_append(struct store *s, const struct stored_run *run);

bool plant_set(const char *name)
{
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            planted = names[i];
    for (unsigned i = 0; i < DISKS; i++)
        disk_lies(disk_at(i), plant_is("lies"));
    return *planted != 0;
}

bool plant_is(const char *name)
{
    return strcmp(planted, name) == 0;
}

void plant_reset(void)
{
    owed = false;
}

int __wrap_store_open(struct store **ret_store, const char *dir)
{
    int rc = __real_store_open(ret_store, dir);
    if (rc == 0 && plant_is("off"))
        db_exec((*ret_store)->db, "PRAGMA synchronous=OFF");
    if (rc == 0 && plant_is("normal"))
        db_exec((*ret_store)->db, "PRAGMA synchronous=NORMAL");
    if (rc == 0 &&
        plant_is("unmarked")) // a WAL that a start clears at once hides that it was never synced
        (*ret_store)->erased = false;
    return rc;
}

int __wrap_store_begin(struct store *s)
{
    if (owed)
        __real_store_commit(s);
    owed = false;
    return __real_store_begin(s);
}

int __wrap_store_commit(struct store *s)
{
    if (!plant_is("early"))
        return __real_store_commit(s);
    owed = s->in_turn;
    return 0;
}

void __wrap_store_close(struct store **store)
{
    if (!plant_is("left")) {
        __real_store_close(store);
        return;
    }
    plant_left[n_left++ % 16] = *store;
    *store = NULL;
}

int __wrap_store_append(struct store *s, const struct stored_run *run)
{
    int rc = __real_store_append(s, run);
    return plant_is("deaf") ? 0 : rc;
}
