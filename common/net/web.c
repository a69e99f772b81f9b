// web.c - the pages' files, read once at the start: common/web and the program's own folder.
#include "common/net/web.h"
#include "common/net/gzip.h"
#include "proto/chain.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Debian's libjs-chart.js as it is installed: no copy of it is ours. A page asks for it when a chart is
// opened, and says the same in a table where it is not here.
static const char chart_dir[] = "/usr/share/javascript/chart.js", chart_name[] = "chart.min.js";

#ifndef DANTIN_WEB_DIRS
#define DANTIN_WEB_DIRS "."
#endif

struct web {
    size_t n;
    struct web_file files[WEB_FILES_MAX];
};

static const char *type_of(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".json", "application/json"},
        {".png", "image/png"},
        {".txt", "text/plain; charset=utf-8"},
        {".vi", "text/plain; charset=utf-8"}, // the sentences: text.vi, text.en
        {".en", "text/plain; charset=utf-8"},
    };
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < sizeof types / sizeof *types; i++)
        if (strcmp(ending, types[i].ending) == 0)
            return types[i].type;
    return NULL;
}

static int read_all(int fd, size_t n, char **ret_at)
{
    char *at = malloc(n + 1);
    assert(at);
    for (size_t got = 0; got < n;) {
        ssize_t more = read(fd, at + got, n - got);
        if (more <= 0) {
            int rc = more < 0 ? -errno : -EIO;
            free(at);
            return rc;
        }
        got += (size_t)more;
    }
    *ret_at = at;
    return 0;
}

static void name_content(struct web_file *f, const char *at, size_t n)
{
    uint8_t hash[HASH_SIZE];
    hash_of(bytes_of(at, n), hash);
    char *to = f->etag;
    *to++ = '"';
    for (size_t i = 0; i < 16; i++, to += 2)
        snprintf(to, 3, "%02x", hash[i]);
    memcpy(to, "\"", 2);
}

// Takes the bytes over.
static struct MHD_Response *response_of(void *at, size_t n, const char *type, const char *etag)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(n, at, MHD_RESPMEM_MUST_FREE);
    assert(r);
    MHD_add_response_header(r, "Content-Type", type);
    MHD_add_response_header(r, "Cache-Control", "no-cache");
    MHD_add_response_header(r, "Vary", "Accept-Encoding");
    MHD_add_response_header(r, "ETag", etag);
    web_dress(r);
    return r;
}

static int take_file(struct web *w, int dir, const char *name)
{
    char path[sizeof w->files->path];
    const char *type = type_of(name);
    if (!type || *name == '.')
        return 0;
    if ((size_t)snprintf(path, sizeof path, "/%s", name) >= sizeof path)
        return -ENAMETOOLONG;
    if (web_find(w, path))
        return 0;
    if (w->n == WEB_FILES_MAX)
        return -ENFILE;
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    struct stat st;
    char *at = NULL;
    int rc = fstat(fd, &st) == 0 ? 0 : -errno;
    if (rc == 0 && (!S_ISREG(st.st_mode) || st.st_size > WEB_FILE_MAX))
        rc = -EFBIG;
    if (rc == 0)
        rc = read_all(fd, (size_t)st.st_size, &at);
    close(fd);
    if (rc < 0)
        return rc;
    struct web_file *f = &w->files[w->n++];
    size_t n = (size_t)st.st_size;
    memcpy(f->path, path, sizeof path);
    name_content(f, at, n);
    size_t n_packed;
    uint8_t *packed = gzip_pack(at, n, GZIP_BEST, &n_packed);
    if (packed) { // another body, so another name
        size_t hash = strlen(f->etag) - 1;
        memcpy(f->packed_etag, f->etag, hash);
        memcpy(f->packed_etag + hash, "-g\"", 4);
        f->packed = response_of(packed, n_packed, type, f->packed_etag);
        MHD_add_response_header(f->packed, "Content-Encoding", "gzip");
    }
    f->response = response_of(at, n, type, f->etag);
    return 0;
}

// Folders below are not read: the pages are one flat list.
static int take_folder(struct web *w, const char *base, const char *folder)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/%s/web", base, folder) >= sizeof path)
        return -ENAMETOOLONG;
    DIR *dir = opendir(path);
    if (!dir)
        return -errno;
    int rc = 0;
    for (struct dirent *e = readdir(dir); e && rc == 0; e = readdir(dir))
        rc = take_file(w, dirfd(dir), e->d_name);
    closedir(dir);
    return rc;
}

static int take_chart(struct web *w)
{
    int dir = open(chart_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return errno == ENOENT ? 0 : -errno;
    int rc = take_file(w, dir, chart_name);
    close(dir);
    return rc == -ENOENT ? 0 : rc;
}

static int take_base(struct web *w, const char *base, const char *pages)
{
    int rc = take_folder(w, base, pages);
    if (rc < 0)
        return rc;
    rc = take_folder(w, base, "common");
    return rc < 0 && rc != -ENOENT ? rc : take_chart(w);
}

// The bases are named from the folder the program lies in: it may be moved with its pages, and
// holds no path of the machine it was built on.
static int take_first(struct web *w, const char *bases, const char *pages)
{
    char list[256], self[PATH_MAX], path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0)
        return -errno;
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    if ((size_t)snprintf(list, sizeof list, "%s", bases) >= sizeof list)
        return -ENAMETOOLONG;
    char *rest = list;
    int rc = -ENOENT;
    for (char *base = strsep(&rest, ":"); base && rc == -ENOENT; base = strsep(&rest, ":")) {
        if ((size_t)snprintf(path, sizeof path, "%s/%s", self, base) >= sizeof path)
            return -ENAMETOOLONG;
        rc = take_base(w, path, pages);
    }
    return rc;
}

int web_open(struct web **ret_web, const char *pages)
{
    struct web *w = calloc(1, sizeof *w);
    assert(w);
    const char *base = getenv("DANTIN_WEB");
    int rc = base ? take_base(w, base, pages) : take_first(w, DANTIN_WEB_DIRS, pages);
    if (rc < 0) {
        web_close(&w);
        return rc;
    }
    *ret_web = w;
    return 0;
}

void web_close(struct web **web)
{
    struct web *w = *web;
    if (!w)
        return;
    for (size_t i = 0; i < w->n; i++) {
        MHD_destroy_response(w->files[i].response);
        if (w->files[i].packed)
            MHD_destroy_response(w->files[i].packed);
    }
    free(w);
    *web = NULL;
}

const struct web_file *web_find(const struct web *w, const char *path)
{
    if (strcmp(path, "/") == 0)
        path = "/index.html";
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->files[i].path, path) == 0)
            return &w->files[i];
    return NULL;
}

void web_dress(struct MHD_Response *response)
{
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; script-src 'self'; style-src 'self'; "
                            "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; "
                            "form-action 'self'; base-uri 'none'");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
}
