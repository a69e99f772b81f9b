// form.c - name=value&name=value of a page, a command or a query: read strictly, written plainly.
#include "common/net/form.h"
#include "proto/utf8.h"
#include <errno.h>
#include <string.h>

static int hex(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// Text of several lines is text whose lines are; utf8_ok knows one line only.
static bool lines_ok(const char *at, size_t n)
{
    for (size_t i = 0, start = 0; i <= n; i++) {
        if (i < n && at[i] != '\n' && at[i] != '\r' && at[i] != '\t')
            continue;
        if (!utf8_ok(bytes_of(at + start, i - start)))
            return false;
        start = i + 1;
    }
    return true;
}

static int decode(struct bytes in, char *to, size_t cap, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        int c = in.at[i];
        if (c == '%') {
            int high = i + 2 < in.n ? hex(in.at[i + 1]) : -1;
            int low = i + 2 < in.n ? hex(in.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return -EINVAL;
            c = high * 16 + low;
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        if (c == 0)
            return -EINVAL;
        if (n + 1 >= cap)
            return -ENOSPC;
        to[n++] = (char)c;
    }
    if (cap == 0)
        return -ENOSPC;
    to[n] = 0;
    *ret_n = n;
    return lines_ok(to, n) ? 0 : -EINVAL;
}

static struct bytes split(struct bytes *rest, char at)
{
    const uint8_t *end = rest->n ? memchr(rest->at, at, rest->n) : NULL;
    size_t n = end ? (size_t)(end - rest->at) : rest->n;
    struct bytes head = bytes_of(rest->at, n);
    size_t skip = end ? n + 1 : n;
    *rest = rest->n ? bytes_of(rest->at + skip, rest->n - skip) : *rest;
    return head;
}

void form_init(struct form *f, struct bytes text, void *buffer, size_t cap)
{
    *f = (struct form){.rest = text, .at = buffer, .cap = cap};
}

int form_next(struct form *f, struct form_field *ret_field)
{
    if (f->rest.n == 0)
        return 0;
    struct bytes value = split(&f->rest, '&');
    if (value.n == 0 || !memchr(value.at, '=', value.n))
        return -EINVAL;
    struct bytes name = split(&value, '=');
    char *to = f->at;
    size_t n_name, n_value;
    int rc = decode(name, to, f->cap, &n_name);
    if (rc < 0)
        return rc;
    if (n_name == 0)
        return -EINVAL;
    size_t used = n_name + 1;
    rc = decode(value, to + used, f->cap - used, &n_value);
    if (rc < 0)
        return rc;
    *ret_field = (struct form_field){.name = to, .value = to + used, .n_value = n_value};
    used += n_value + 1;
    f->at += used;
    f->cap -= used;
    return 1;
}

static size_t encode(char *to, size_t cap, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        uint8_t c = (uint8_t)*p;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     strchr("-_.~", c) != NULL;
        if (n + 3 >= cap)
            return cap; // full
        if (plain) {
            to[n++] = *p;
        } else {
            to[n++] = '%';
            to[n++] = digits[c >> 4];
            to[n++] = digits[c & 15];
        }
    }
    return n;
}

bool form_add(char *to, size_t cap, const char *name, const char *value)
{
    size_t before = strlen(to), n = before;
    if (n > 0 && n + 1 < cap)
        to[n++] = '&';
    size_t more = encode(to + n, cap - n, name);
    if (n + more + 1 < cap) {
        n += more;
        to[n++] = '=';
        more = encode(to + n, cap - n, value);
        if (n + more < cap) {
            to[n + more] = 0;
            return true;
        }
    }
    to[before] = 0;
    return false;
}
