// crashinside.h - the disks' own structs, shared by crashdisk.c and crashfiles.c only.
#pragma once
#include "crashdisk.h"

enum { POOL = 16 << 20 };
enum kind { KIND_FREE, KIND_FILE, KIND_FOLDER };

struct inode {
    enum kind kind;
    unsigned opens;
    uint64_t born;
    int64_t size, kept_size;
    uint8_t seen[FILE_ROOM], kept[FILE_ROOM]; // by programs; on the disk
};
struct name {
    int folder, file; // file: NO_FILE where the slot is free
    char at[NAME_ROOM];
};
enum change { CHANGE_WRITE, CHANGE_SIZE, CHANGE_NAME };
struct pending {
    enum change change;
    int file;               // of a name: what it stands for, NO_FILE where it was taken away
    int64_t at;             // of a write, or the size
    size_t n, pool;         // its bytes
    struct name name, from; // from.at[0]: a rename
};
struct disk {
    unsigned number;
    struct inode inodes[FILES];
    struct name names[NAMES], kept_names[NAMES];
    struct pending pending[PENDING];
    unsigned n_pending;
    size_t n_pool;
    uint64_t births;
    bool off, lies;
    uint64_t changes, calls, syncs, cut_at, fail_at, fail_sync_at, fail_syncs;
    int error;
    bool for_good;
    uint8_t pool[POOL];
};

// Before each call: 0, or why it fails. *ret_cut: the power goes at it; of what it does the draw decides.
int disk_gate(struct disk *d, enum disk_call call, bool *ret_cut);
// A change gets to the disk; of a write, so many of its bytes.
void disk_keep(struct disk *d, const struct pending *p, size_t from, size_t n);
