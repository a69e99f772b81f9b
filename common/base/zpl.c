// zpl.c - a ZPL file as (path, value, line), or what is wrong with which line.
#include "common/base/zpl.h"
#include "proto/utf8.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

enum { INDENT = 4, SEEN_SLOTS = 8192 };
static_assert((int)ZPL_NAMES_MAX < (int)SEEN_SLOTS, "the table of names must never be full");

struct reader {
    unsigned line, depth;       // depth: levels of the last name
    size_t ends[ZPL_DEPTH_MAX]; // where the path of each level ends
    char path[ZPL_PATH_MAX + 1];
    unsigned n_seen;
    uint64_t seen[SEEN_SLOTS]; // hashes of the paths so far; 0 is free
};

static bool name_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("$-_@.&+", c) != NULL);
}

// Bytes of text up to the line's end; *at moves behind its line break.
static struct bytes next_line(struct bytes text, size_t *at)
{
    const uint8_t *start = text.at + *at, *end = memchr(start, '\n', text.n - *at);
    size_t n = end ? (size_t)(end - start) : text.n - *at;
    *at += n + (end != NULL);
    if (n > 0 && start[n - 1] == '\r')
        n--;
    return bytes_of(start, n);
}

static struct bytes trim(struct bytes b)
{
    while (b.n > 0 && b.at[0] == ' ')
        b = bytes_of(b.at + 1, b.n - 1);
    while (b.n > 0 && b.at[b.n - 1] == ' ')
        b.n--;
    return b;
}

// Remembers the path. A chance of 2^-64 per pair to call two names one does no harm: it is a
// refusal.
static const char *remember(struct reader *r)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (const char *p = r->path; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 0x100000001b3;
    if (hash == 0)
        hash = 1;
    size_t slot = hash % SEEN_SLOTS;
    while (r->seen[slot] != 0 && r->seen[slot] != hash)
        slot = (slot + 1) % SEEN_SLOTS;
    if (r->seen[slot] == hash)
        return "this name stands here a second time";
    if (r->n_seen == ZPL_NAMES_MAX)
        return "too many names in one file";
    r->seen[slot] = hash;
    r->n_seen++;
    return NULL;
}

// The path of a name at a level; NULL, or what is wrong.
static const char *enter(struct reader *r, size_t blanks, struct bytes name)
{
    size_t level = blanks / INDENT;
    if (blanks % INDENT != 0)
        return "each level is indented by four blanks";
    if (level > r->depth)
        return "indented too far: no name above it has this level";
    if (level == ZPL_DEPTH_MAX)
        return "too many levels";
    size_t n = level > 0 ? r->ends[level - 1] : 0;
    if (n + 1 + name.n > ZPL_PATH_MAX)
        return "the name and those above it are too long";
    if (level > 0)
        r->path[n++] = '/';
    memcpy(r->path + n, name.at, name.n);
    r->path[n + name.n] = 0;
    r->ends[level] = n + name.n;
    r->depth = (unsigned)level + 1;
    return remember(r);
}

static bool only_comment(struct bytes rest)
{
    rest = trim(rest);
    return rest.n == 0 || rest.at[0] == '#';
}

static const char *take_value(struct bytes rest, struct bytes *ret_value)
{
    rest = trim(rest);
    if (rest.n > 0 && (rest.at[0] == '"' || rest.at[0] == '\'')) {
        const uint8_t *start = rest.at + 1, *end = memchr(start, rest.at[0], rest.n - 1);
        if (!end)
            return "a quote is opened and not closed";
        *ret_value = bytes_of(start, (size_t)(end - start));
        return only_comment(bytes_of(end + 1, (size_t)(rest.at + rest.n - end - 1)))
                   ? NULL
                   : "something follows the closing quote";
    }
    for (size_t i = 0; i < rest.n; i++) {
        if (rest.at[i] != '#')
            continue;
        if (i > 0 && rest.at[i - 1] != ' ')
            return "a # inside a value: put the value in quotes, or a blank before a comment";
        rest.n = i;
    }
    *ret_value = trim(rest);
    return NULL;
}

// One line: *ret_has when it states a value. NULL, or what is wrong.
static const char *take_line(struct reader *r, struct bytes line, struct bytes *ret_value,
                             bool *ret_has)
{
    size_t blanks = 0, n = 0;
    *ret_has = false;
    while (blanks < line.n && line.at[blanks] == ' ')
        blanks++;
    if (blanks < line.n && line.at[blanks] == '\t')
        return "a tab: each level is indented by four blanks";
    if (!utf8_ok(line))
        return "not UTF-8 text, or an invisible character in it";
    if (only_comment(line))
        return NULL;
    while (blanks + n < line.n && name_char(line.at[blanks + n]))
        n++;
    if (n == 0)
        return "a line begins with a name of letters, digits and $-_@.&+";
    const char *why = enter(r, blanks, bytes_of(line.at + blanks, n));
    if (why)
        return why;
    struct bytes rest = bytes_of(line.at + blanks + n, line.n - blanks - n);
    struct bytes after = trim(rest);
    if (after.n > 0 && after.at[0] == '=') {
        *ret_has = true;
        return take_value(bytes_of(after.at + 1, after.n - 1), ret_value);
    }
    if (after.n == 0 || (after.at[0] == '#' && rest.at[0] == ' '))
        return NULL;
    return "expected = behind the name";
}

int zpl_read(struct bytes text, zpl_on_value *on_value, void *ctx, struct zpl_fault *ret_fault)
{
    struct reader r = {0};
    size_t at = 0;
    *ret_fault = (struct zpl_fault){0};
    if (text.n >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    while (at < text.n) {
        struct bytes value = {0}, line = next_line(text, &at);
        bool has;
        r.line++;
        const char *why = take_line(&r, line, &value, &has);
        int rc = why ? -EBADMSG : has ? on_value(ctx, r.path, value, r.line) : 0;
        if (rc != 0) {
            *ret_fault = (struct zpl_fault){.line = r.line, .why = why};
            return rc;
        }
    }
    return 0;
}

char zpl_quote(struct bytes value)
{
    if (!utf8_ok(value))
        return 0;
    if (value.n == 0 || !memchr(value.at, '"', value.n))
        return '"';
    return memchr(value.at, '\'', value.n) ? 0 : '\'';
}
