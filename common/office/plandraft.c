// plandraft.c - what the readers of a plan folder share: kept texts, room, numbers, times.
#include "plandraft.h"
#include "common/base/figure.h"
#include "proto/utf8.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TEXTS_SIZE = 64 * 1024, FILE_BYTES_MAX = 256 << 20, TIME_TEXT_MAX = 32 };
static const int64_t vietnam_ms = 7 * 3600 * 1000;

struct draft_texts { // a piece of the texts kept
    struct draft_texts *before;
    size_t n, cap;
    uint8_t at[];
};

void draft_free(struct draft *d)
{
    while (d->texts) {
        struct draft_texts *before = d->texts->before;
        free(d->texts);
        d->texts = before;
    }
    free(d->units);
    free(d->contests);
    free(d->candidates);
    free(d->ballots);
    free(d->walk);
    free(d->dues);
    free(d->unit_codes.at);
    free(d->contest_codes.at);
}

struct bytes draft_keep(struct draft *d, struct bytes b)
{
    struct draft_texts *t = d->texts;
    if (b.n == 0)
        return (struct bytes){0};
    if (!t || t->cap - t->n < b.n) {
        size_t cap = b.n > TEXTS_SIZE ? b.n : TEXTS_SIZE;
        t = malloc(sizeof *t + cap);
        assert(t);
        *t = (struct draft_texts){.before = d->texts, .cap = cap};
        d->texts = t;
    }
    memcpy(t->at + t->n, b.at, b.n);
    t->n += b.n;
    return bytes_of(t->at + t->n - b.n, b.n);
}

static int read_whole(int fd, struct bytes *ret)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -EINVAL;
    if (st.st_size > FILE_BYTES_MAX)
        return -EFBIG;
    size_t n = 0, size = (size_t)st.st_size;
    uint8_t *at = malloc(size + 1);
    assert(at);
    while (n < size) {
        ssize_t got = read(fd, at + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            free(at);
            return got < 0 ? -errno : -EIO; // shorter than it said: somebody is writing it
        }
        n += (size_t)got;
    }
    *ret = bytes_of(at, n);
    return 0;
}

bool draft_file(struct draft *d, const char *name, bool may_miss, struct bytes *ret)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", d->dir, name);
    int fd = n < (int)sizeof path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    int rc = fd < 0 ? (n < (int)sizeof path ? -errno : -ENAMETOOLONG) : read_whole(fd, ret);
    if (fd >= 0)
        close(fd);
    if (rc == -ENOENT && !may_miss)
        faults_add(d->faults, name, 0,
                   "the file is missing in %s: `dantin-hub plan new` writes an example", d->dir);
    else if (rc != 0 && rc != -ENOENT)
        faults_add(d->faults, name, 0, "cannot be read: %s", strerror(-rc));
    return rc == 0;
}

void *draft_room(void *rows, uint32_t n, size_t size)
{
    if (n == 0 || (n >= 16 && (n & (n - 1)) == 0)) {
        rows = realloc(rows, (n == 0 ? 16 : (size_t)n * 2) * size);
        assert(rows);
    }
    memset((uint8_t *)rows + n * size, 0, size);
    return rows;
}

bool draft_number(struct bytes b, uint32_t max, uint32_t *ret)
{
    uint64_t v;
    if (figure_read(b, &v) != FIGURE_GOOD || v > max)
        return false;
    *ret = (uint32_t)v;
    return true;
}

// A date at *text, which moves behind it.
static bool take_day(const char **text, int64_t *ret)
{
    struct tm tm = {0};
    const char *end = strptime(*text, "%Y-%m-%d", &tm);
    int day = tm.tm_mday;
    if (!end)
        return false;
    int64_t s = timegm(&tm); // turns 31 February into 3 March
    *ret = s * 1000 - vietnam_ms;
    *text = end;
    return s >= 24 * 3600 && tm.tm_mday == day;
}

static bool copy_text(struct bytes b, char text[TIME_TEXT_MAX])
{
    if (b.n >= TIME_TEXT_MAX || memchr(b.at ? b.at : (const uint8_t *)"", 0, b.n))
        return false;
    memcpy(text, b.n ? b.at : (const uint8_t *)"", b.n);
    text[b.n] = 0;
    return true;
}

bool draft_day(struct bytes b, int64_t *ret)
{
    char copy[TIME_TEXT_MAX];
    const char *text = copy;
    return copy_text(b, copy) && take_day(&text, ret) && *text == 0;
}

bool draft_time(struct bytes b, int64_t day, int64_t *ret)
{
    char copy[TIME_TEXT_MAX];
    const char *text = copy, *end;
    struct tm tm = {0};
    if (!copy_text(b, copy))
        return false;
    if (strchr(text, '-') && (!take_day(&text, &day) || *text != ' '))
        return false;
    end = strptime(text, "%H:%M:%S", &tm);
    if (!end) {
        tm = (struct tm){0};
        end = strptime(text, "%H:%M", &tm);
    }
    *ret = day + (tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) * (int64_t)1000;
    return end && *end == 0 && tm.tm_sec < 60 && day >= 0;
}

const char *draft_text_fault(struct bytes b, size_t max)
{
    if (b.n == 0)
        return "is empty";
    if (b.n > max)
        return "is too long";
    return utf8_ok(b) ? NULL
                      : "holds a line break, an invisible character or bytes that are not UTF-8";
}
