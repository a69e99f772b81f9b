// failalloc.c - allocations of our code (by the linker's --wrap) and of SQLite (by its hooks) that fail.
#include "failalloc.h"
#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

// A child of each failure is forked: what is freed is not kept long, or its copy takes all the time.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=4";
}

static uint64_t count, fail_at;
static bool all_behind, armed;
static sqlite3_mem_methods real_methods;

static bool fails(void)
{
    count += armed;
    bool now = armed && fail_at > 0 && (count == fail_at || (all_behind && count > fail_at));
    if (now)
        errno = ENOMEM;
    return now;
}

void failalloc_at(uint64_t allocation, bool for_good)
{
    count = 0;
    fail_at = allocation;
    all_behind = for_good;
    armed = true;
}

uint64_t failalloc_count(void)
{
    return count;
}

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *at, size_t n);
void *__wrap_realloc(void *at, size_t n);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
char *__wrap_strndup(const char *text, size_t n);

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *at, size_t n)
{
    return fails() ? NULL : __real_realloc(at, n);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t n)
{
    return fails() ? NULL : __real_strndup(text, n);
}

static void *sql_malloc(int n)
{
    return fails() ? NULL : real_methods.xMalloc(n);
}

static void *sql_realloc(void *at, int n)
{
    return fails() ? NULL : real_methods.xRealloc(at, n);
}

void failalloc_install(void)
{
    int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_methods);
    sqlite3_mem_methods methods = real_methods;
    methods.xMalloc = sql_malloc;
    methods.xRealloc = sql_realloc;
    if (rc == SQLITE_OK)
        rc = sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
    assert(rc == SQLITE_OK);
}
