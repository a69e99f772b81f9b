// savefile.h - a small owner-only file that is replaced whole or not at all.
//
// For keys, children, accounts: what must survive a crash as the old file or as the new one. The
// temporary file is NAME.new; one writer per directory, which savefile_lock makes sure of.
#pragma once
#include "proto/pack.h"

// 0 when the content is on disk under its name; what stands there already is not written again, which
// a full disk allows. Otherwise the errno of what failed; the old file is
// then still there, except when only the last fsync (of the directory) failed: then either may be.
int savefile_write(const char *dir, const char *name, struct bytes content);

int savefile_sync(const char *dir); // its names are on disk

// The content, malloc'd, with a NUL behind its last byte; the caller frees it. -ENOENT; -EPERM when
// it is no plain file, not ours, or open to the group or others; -EFBIG beyond max bytes.
int savefile_read(const char *dir, const char *name, size_t max, uint8_t **ret, size_t *ret_n);

// Takes the directory for this process: flock on its file `lock`, let go when the descriptor is
// closed or the process ends. -EBUSY when another works there: *ret_pid is its pid, 0 if unknown.
int savefile_lock(const char *dir, int *ret_fd, int *ret_pid);
