// disk.c - a disk that forgets, tears, fills up and fails to sync: a layer under SQLite.
#include "disk.h"
#include <assert.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRS_MAX = 64, NAMES_MAX = 512, PATH = 512, SECTOR = 512 };

struct undo {         // what a write or truncation did away with
    const char *path; // of names
    int64_t at, size; // size: of the file before
    int n;
    uint8_t *bytes;
};
struct power {
    char dir[PATH];
    bool off;
    int writes_left;            // then it is full; -1: never
    int power_left, syncs_left; // then its power goes, a sync fails; -1: never
};
struct layer_file {
    sqlite3_file base;
    sqlite3_file *real;
    const char *path;
    struct power *power; // NULL: no disk of a machine
    bool kept;           // a file whose loss matters: the database and its log
};

static struct undo *undos;
static uint32_t n_undos, cap_undos;
static struct power powers[DIRS_MAX];
static unsigned n_powers, n_off;
static char *names[NAMES_MAX]; // each path once, so that pointers tell them apart
static unsigned n_names;
static uint64_t n_undone;
static sqlite3_vfs *real, layer;
static sqlite3_io_methods methods;

static struct power *power_of(const char *path)
{
    for (unsigned i = 0; i < n_powers; i++)
        if (strncmp(powers[i].dir, path, strlen(powers[i].dir)) == 0 &&
            path[strlen(powers[i].dir)] == '/')
            return &powers[i];
    return NULL;
}

static const char *name_for(const char *path)
{
    for (unsigned i = 0; i < n_names; i++)
        if (strcmp(names[i], path) == 0)
            return names[i];
    assert(n_names < NAMES_MAX);
    names[n_names] = strdup(path);
    assert(names[n_names]);
    return names[n_names++];
}

static struct power *power_for(const char *dir)
{
    for (unsigned i = 0; i < n_powers; i++)
        if (strcmp(powers[i].dir, dir) == 0)
            return &powers[i];
    assert(n_powers < DIRS_MAX);
    struct power *p = &powers[n_powers++];
    *p = (struct power){.writes_left = -1, .power_left = -1, .syncs_left = -1};
    snprintf(p->dir, sizeof p->dir, "%s", dir);
    return p;
}

static void set_off(struct power *p, bool off)
{
    n_off += off && !p->off;
    n_off -= !off && p->off;
    p->off = off;
}

// One more step towards what was ordered for this disk; true: it has no power.
static bool is_off(struct power *p)
{
    if (!p)
        return false;
    if (p->power_left == 0)
        set_off(p, true);
    p->power_left -= p->power_left > 0;
    return p->off;
}

static void remember(struct layer_file *f, int64_t at, int n)
{
    sqlite3_int64 size = 0;
    f->real->pMethods->xFileSize(f->real, &size);
    if (n_undos == cap_undos) {
        cap_undos = cap_undos ? cap_undos * 2 : 256;
        undos = realloc(undos, cap_undos * sizeof *undos);
        assert(undos);
    }
    struct undo *u = &undos[n_undos++];
    *u = (struct undo){.at = at, .size = size};
    u->path = f->path;
    u->n = at >= size ? 0 : at + n > size ? (int)(size - at) : n;
    u->bytes = u->n ? malloc((size_t)u->n) : NULL;
    if (u->n)
        f->real->pMethods->xRead(f->real, u->bytes, u->n, at);
}

static void forget_file(const char *path)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < n_undos; i++) {
        if (undos[i].path == path)
            free(undos[i].bytes);
        else
            undos[left++] = undos[i];
    }
    n_undos = left;
}

#define FILE_OF(file) ((struct layer_file *)(file))
#define REAL(file)    (FILE_OF(file)->real)

static int layer_close(sqlite3_file *file)
{
    int rc = REAL(file)->pMethods ? REAL(file)->pMethods->xClose(REAL(file)) : SQLITE_OK;
    return rc;
}

static int layer_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    return REAL(file)->pMethods->xRead(REAL(file), to, n, at);
}

static int layer_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    struct layer_file *f = FILE_OF(file);
    struct power *p = f->power;
    if (is_off(p))
        return SQLITE_OK;
    if (p && f->kept && p->writes_left == 0)
        return SQLITE_FULL;
    if (p && f->kept && p->writes_left > 0)
        p->writes_left--;
    if (f->kept)
        remember(f, at, n);
    return f->real->pMethods->xWrite(f->real, from, n, at);
}

static int layer_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct layer_file *f = FILE_OF(file);
    sqlite3_int64 now = 0;
    if (is_off(f->power))
        return SQLITE_OK;
    f->real->pMethods->xFileSize(f->real, &now);
    if (f->kept && now > size)
        remember(f, size, (int)(now - size));
    return f->real->pMethods->xTruncate(f->real, size);
}

static int layer_sync(sqlite3_file *file, int flags)
{
    struct layer_file *f = FILE_OF(file);
    struct power *p = f->power;
    (void)flags;
    if (is_off(p))
        return SQLITE_OK;
    if (p && f->kept && p->syncs_left == 0) {
        p->syncs_left = -1;
        return SQLITE_IOERR_FSYNC;
    }
    if (p && f->kept)
        p->syncs_left -= p->syncs_left > 0;
    forget_file(f->path);
    return SQLITE_OK;
}

static int layer_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    return REAL(file)->pMethods->xFileSize(REAL(file), ret);
}

static int layer_lock(sqlite3_file *file, int how)
{
    return REAL(file)->pMethods->xLock(REAL(file), how);
}

static int layer_unlock(sqlite3_file *file, int how)
{
    return REAL(file)->pMethods->xUnlock(REAL(file), how);
}

static int layer_check(sqlite3_file *file, int *ret)
{
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), ret);
}

static int layer_control(sqlite3_file *file, int op, void *arg)
{
    return REAL(file)->pMethods->xFileControl(REAL(file), op, arg);
}

static int layer_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int layer_traits(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int layer_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, ret);
}

static int layer_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return REAL(file)->pMethods->xShmLock(REAL(file), offset, n, flags);
}

static void layer_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int layer_unmap(sqlite3_file *file, int gone)
{
    return REAL(file)->pMethods->xShmUnmap(REAL(file), gone);
}

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                      int *ret_flags)
{
    struct layer_file *f = FILE_OF(file);
    (void)vfs;
    memset(f, 0, sizeof *f);
    f->real = (sqlite3_file *)(f + 1);
    f->path = name_for(name ? name : "");
    f->power = power_of(f->path);
    f->kept = flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL);
    int rc = real->xOpen(real, name, f->real, flags, ret_flags);
    f->base.pMethods = f->real->pMethods ? &methods : NULL;
    return rc;
}

static int layer_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    (void)vfs;
    if (is_off(power_of(name)))
        return SQLITE_OK;
    forget_file(name_for(name));
    return real->xDelete(real, name, sync_dir);
}

void disk_install(void)
{
    real = sqlite3_vfs_find(NULL);
    layer = *real;
    layer.pNext = NULL;
    layer.zName = "forgetful";
    layer.szOsFile = (int)sizeof(struct layer_file) + real->szOsFile;
    layer.xOpen = layer_open;
    layer.xDelete = layer_delete;
    methods = (sqlite3_io_methods){2,
                                   layer_close,
                                   layer_read,
                                   layer_write,
                                   layer_truncate,
                                   layer_sync,
                                   layer_size,
                                   layer_lock,
                                   layer_unlock,
                                   layer_check,
                                   layer_control,
                                   layer_sector,
                                   layer_traits,
                                   layer_map,
                                   layer_shm_lock,
                                   layer_barrier,
                                   layer_unmap,
                                   NULL,
                                   NULL};
    int rc = sqlite3_vfs_register(&layer, 1);
    assert(rc == SQLITE_OK);
}

void disk_reset(void)
{
    for (uint32_t i = 0; i < n_undos; i++)
        free(undos[i].bytes);
    for (unsigned i = 0; i < n_names; i++)
        free(names[i]);
    n_undos = 0;
    n_powers = n_off = n_names = 0;
}

void disk_add(const char *dir)
{
    power_for(dir);
}

void disk_cut_power(const char *dir)
{
    set_off(power_for(dir), true);
}

bool disk_is_off(const char *dir)
{
    return n_off > 0 && power_for(dir)->off;
}

void disk_fails_after(const char *dir, int writes)
{
    power_for(dir)->writes_left = writes;
}

void disk_dies_after(const char *dir, int steps)
{
    power_for(dir)->power_left = steps;
}

void disk_sync_fails_after(const char *dir, int syncs)
{
    power_for(dir)->syncs_left = syncs;
}

bool disk_flip(const char *path, uint64_t random)
{
    struct stat st;
    uint8_t byte = 0;
    int fd = open(path, O_RDWR);
    if (fd < 0)
        return false;
    bool done = fstat(fd, &st) == 0 && st.st_size > 0;
    off_t at = done ? (off_t)((random >> 8) % (uint64_t)st.st_size) : 0;
    done = done && pread(fd, &byte, 1, at) == 1;
    byte ^= (uint8_t)(1u << (random & 7));
    done = done && pwrite(fd, &byte, 1, at) == 1;
    close(fd);
    return done;
}

uint64_t disk_undone(void)
{
    return n_undone;
}

// A write that tears keeps its first sectors.
static void put_back(const struct undo *u, int torn)
{
    int fd = open(u->path, O_WRONLY);
    if (fd < 0)
        return;
    int n = u->n > torn ? u->n - torn : 0;
    int64_t size = torn && u->at + torn > u->size ? u->at + torn : u->size;
    ssize_t put = n ? pwrite(fd, u->bytes + torn, (size_t)n, u->at + torn) : 0;
    int rc = torn && u->at + torn > u->size ? 0 : ftruncate(fd, size);
    assert(put == n && rc == 0);
    close(fd);
    n_undone++;
}

static void drop_undos(const char *dir)
{
    uint32_t left = 0;
    const struct power *p = power_for(dir);
    for (uint32_t i = 0; i < n_undos; i++) {
        if (power_of(undos[i].path) == p)
            free(undos[i].bytes);
        else
            undos[left++] = undos[i];
    }
    n_undos = left;
}

void disk_settle(const char *dir)
{
    drop_undos(dir);
}

// Nothing of it got there, or its oldest part, or any of it; of one write perhaps its beginning.
void disk_forget(const char *dir, uint64_t random)
{
    struct power *p = power_for(dir);
    uint32_t mine = 0, how = (uint32_t)(random % 4);
    for (uint32_t i = 0; i < n_undos; i++)
        mine += power_of(undos[i].path) == p;
    uint32_t kept = how == 0 && mine ? (uint32_t)(random >> 8) % (mine + 1) : 0;
    for (uint32_t i = n_undos, nth = mine; i-- > 0;) {
        if (power_of(undos[i].path) != p)
            continue;
        nth--;
        bool any = how == 1 && (random >> (8 + nth % 48) & 1);
        bool tears = how == 2 && nth == (random >> 8) % mine;
        if (nth >= kept && !any)
            put_back(&undos[i], tears ? SECTOR * (int)(random >> 40 & 7) : 0);
    }
    drop_undos(dir);
    set_off(p, false);
    p->power_left = -1;
}
