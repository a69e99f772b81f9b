// access.h - who read contests of a restricted kind: a small owner-only file, written before the answer goes out.
//
//   from,until,person,way,path,unit,times        until, times: of reads of the same within half an hour
// person is empty for a command on the machine, whose user is the administrator. Reads of the same within a minute
// are counted with the next write: that somebody read stands on the disk before they see anything. The oldest rows
// go when there are too many.
#pragma once
#include "common/net/http.h"
#include <jansson.h>

#define ACCESS_FILE "restricted.csv"
enum {
    ACCESS_ROWS = 2000,
    ACCESS_TEXT = 80, // bytes of a path or unit kept
    ACCESS_SAME_MS = 30 * 60 * 1000,
    ACCESS_QUIET_MS = 60 * 1000
};

struct access_book; // owns the rows
int access_open(struct access_book **ret, const char *dir);
void access_close(struct access_book **a);
// 0: it is on the disk; else the errno of what failed, and nothing restricted is to be shown.
int access_note(struct access_book *a, const struct http_request *q, int64_t now);
json_t *access_view(const struct access_book *a); // the newest first
