// crashdisk.h - disks in memory that lose their power or fail a call, at any call: files, names, and what is synced.
//
// Inodes are modelled and not names; the names in a folder are things of their own. A change is seen by
// everybody at once and is on the disk when its file, of a name its folder, was synced. When the power
// goes, a draw decides of each change since then whether it got there, whole, torn at 512 bytes, or not
// at all. A sync that fails throws away what it should have written, as Linux does: the programs still
// see it, the disk never will, and the next sync knows nothing of it. (Names stay: a journal keeps them.)
//
// Two machines: paths that begin with /crash/0/ and /crash/1/. SQLite comes in by a VFS (crashvfs.c), the
// rest of the program by wrapped system calls (crashcalls.c). All of it lies in memory that children of
// this process share, so that a child may die and its disk is looked at afterwards.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DISKS = 2, FILES = 64, NAMES = 64, NAME_ROOM = 48, FILE_ROOM = 1 << 20, PENDING = 8192 };
enum { SECTOR = 512, NO_FILE = 0, ROOT = 1 }; // ROOT: the folder /crash/N itself

enum disk_call { // what a program asks of its disk
    CALL_OPEN,
    CALL_CREATE, // from here on: calls that change something
    CALL_WRITE,
    CALL_TRUNCATE,
    CALL_NAME, // rename, unlink, mkdir, rmdir
    CALL_SYNC,
    CALL_SYNC_FOLDER, // up to here
    CALL_READ,
    CALL_LOOK, // stat, access, size
    CALL_LOCK,
    CALL_MEMORY, // the shared memory of a WAL
    CALL_CLOSE,
    DISK_CALLS
};

struct disk;
struct image; // a disk as it stood, malloc'd

void disks_make(void);
struct disk *disk_of(const char *path, const char **ret_rest); // NULL: no path of ours
struct disk *disk_at(unsigned n);
void disk_clear(struct disk *d); // empty and at power, with nothing to come
struct image *disk_save(const struct disk *d);
void disk_restore(struct disk *d,
                  const struct image *i); // with nothing to come; changes not synced are lost

// What is to come, counted from now.
void disk_arm(struct disk *d);                     // nothing
void disk_cut_at(struct disk *d, uint64_t change); // the power goes at this change, the first is 1
void disk_fail_at(struct disk *d, uint64_t call, int error, bool for_good); // and all behind it
void disk_fail_sync_at(struct disk *d, uint64_t sync, unsigned times);      // of files and folders
uint64_t disk_changes(const struct disk *d); // so far since it was armed
uint64_t disk_calls(const struct disk *d);
uint64_t disk_syncs(const struct disk *d);
bool disk_is_off(const struct disk *d);
void disk_power_off(struct disk *d);               // now
void disk_revive(struct disk *d);                  // it was the process only: nothing is lost
void disk_power_on(struct disk *d, uint64_t seed); // after all was closed: what got there is there
void disk_orphan(struct disk *d);                  // the process that had its files open is gone
void disk_lies(struct disk *d, bool lies);         // a planted bug: syncs say 0 and do nothing

// For the VFS and the calls. Each returns 0 or more, or a negative errno.
int disk_open(struct disk *d, const char *path, bool create, bool exclusive, bool *ret_made);
int disk_folder(struct disk *d, const char *path); // its inode
int disk_unnamed(struct disk *d);                  // a file without a name
void disk_close(struct disk *d, int file);
int64_t disk_read(struct disk *d, int file, void *to, size_t n, int64_t at);
int64_t disk_write(struct disk *d, int file, const void *from, size_t n, int64_t at);
int disk_truncate(struct disk *d, int file, int64_t size);
int disk_sync(struct disk *d, int file);
int64_t disk_size(struct disk *d, int file);
int disk_sync_folder(struct disk *d, const char *path); // the one the path lies in
int disk_look(struct disk *d, const char *path, int64_t *ret_size, uint64_t *ret_born); // its inode
int disk_rename(struct disk *d, const char *from, const char *to);
int disk_unlink(struct disk *d, const char *path);
int disk_mkdir(struct disk *d, const char *path);
int disk_rmdir(struct disk *d, const char *path);
int disk_touch(struct disk *d, enum disk_call call); // a call that changes nothing: may it be?
