// web.h - the pages' files, read once at the start: common/web and the program's own folder.
//
// The folders stand beside each other under one base: $DANTIN_WEB, else the first of the
// compiled-in ones, named from where the program lies, that has this program's folder. The
// program's own file wins over a common one of the same name. What shrinks is also kept packed (gzip),
// for browsers that take it: packed once, at the start.
#pragma once

struct web; // owns the contents
struct MHD_Response;

enum { WEB_FILES_MAX = 200, WEB_FILE_MAX = 4 << 20 };

struct web_file {
    char path[128]; // "/index.html", "/" is the same file
    char etag[40];
    struct MHD_Response *response;
    char packed_etag[40];
    struct MHD_Response *packed; // NULL: not worth it
};

int web_open(struct web **ret_web, const char *pages); // -ENOENT: no folder of that name anywhere
void web_close(struct web **web);
const struct web_file *web_find(const struct web *w, const char *path); // NULL: no such file
// The headers that every reply carries: what a browser may do with it, and that is little.
void web_dress(struct MHD_Response *response);
