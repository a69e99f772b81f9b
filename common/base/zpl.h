// zpl.h - a ZPL file as (path, value, line), or what is wrong with which line.
//
// ZPL is the ZeroMQ property language:
//
//   # a comment
//   link                          a section: part of the paths below it, no value of its own
//       listen = 127.0.0.1:5000   is ("link/listen", "127.0.0.1:5000")
//       motto = "a # in quotes"   single or double quotes, no escapes; only a comment follows
//
// Stricter than czmq's reader, which guesses: one level is four blanks; a tab is a fault, and so is
// a name that stands twice, a level that is skipped, an open quote, and a # inside an unquoted value
// that no blank comes before. CRLF and a BOM, as editors on Windows write them, are taken.
// Nothing is allocated; about 70 KB of stack remember the names seen.
#pragma once
#include "proto/pack.h"

enum { ZPL_DEPTH_MAX = 8, ZPL_PATH_MAX = 240, ZPL_NAMES_MAX = 6000 };

struct zpl_fault {
    unsigned line;   // counted from 1
    const char *why; // a literal
};

// The value and path are borrowed for the call. A result other than 0 ends the reading.
typedef int zpl_on_value(void *ctx, const char *path, struct bytes value, unsigned line);

// 0; -EBADMSG with the fault; or what on_value returned, with its line and a `why` of NULL.
int zpl_read(struct bytes text, zpl_on_value *on_value, void *ctx, struct zpl_fault *ret_fault);

// The quote in which a value can be written, or 0: it holds both, or something no line can hold.
char zpl_quote(struct bytes value);
