// faults.c - a list of what is wrong, with file and line, for people.
#include "common/base/faults.h"
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

// Room doubles: at 16, 32 ... kept faults the array is full.
static void grow(struct faults *f)
{
    unsigned n = f->n_kept;
    if (n != 0 && (n < FIRST_ROOM || (n & (n - 1)) != 0))
        return;
    f->at = realloc(f->at, (n == 0 ? FIRST_ROOM : 2 * n) * sizeof f->at[0]);
    assert(f->at);
}

// Cut so that no character is halved; a line break or control would forge another fault's line.
static void tidy(char *text, int wanted)
{
    size_t n = strlen(text);
    if (wanted > FAULT_TEXT_MAX) {
        while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
            n--;
        if (n > 0 && ((unsigned char)text[n - 1] & 0x80) != 0)
            n--;
        text[n] = 0;
    }
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            text[i] = ' ';
}

__attribute__((format(printf, 4, 0))) static void
keep(struct faults *f, const char *file, unsigned line, const char *format, va_list args)
{
    char text[FAULT_TEXT_MAX + 1];
    int wanted = vsnprintf(text, sizeof text, format, args);
    assert(wanted >= 0);
    tidy(text, wanted);
    grow(f);
    struct fault *to = &f->at[f->n_kept++];
    *to = (struct fault){.file = file ? strdup(file) : NULL, .line = line, .text = strdup(text)};
    assert(to->text && (to->file || !file));
}

void faults_add(struct faults *f, const char *file, unsigned line, const char *format, ...)
{
    va_list args;
    f->n++;
    if (f->n_kept == FAULTS_MAX)
        return;
    va_start(args, format);
    keep(f, file, line, format, args);
    va_end(args);
}

void faults_note(struct faults *f, const char *file, unsigned line, const char *format, ...)
{
    va_list args;
    if (f->n_kept == FAULTS_MAX)
        return;
    va_start(args, format);
    keep(f, file, line, format, args);
    va_end(args);
    f->at[f->n_kept - 1].note = true;
}

void faults_print(const struct faults *f, FILE *to)
{
    unsigned told = 0;
    for (unsigned i = 0; i < f->n_kept; i++) {
        const struct fault *at = &f->at[i];
        told += !at->note;
        if (at->file)
            fprintf(to, "%s:", at->file);
        if (at->line > 0)
            fprintf(to, "%u:", at->line);
        fprintf(to, "%s%s%s\n", at->file || at->line > 0 ? " " : "", at->note ? "note: " : "",
                at->text);
    }
    if (f->n > told)
        fprintf(to, "... %u more\n", f->n - told);
}

void faults_clear(struct faults *f)
{
    for (unsigned i = 0; i < f->n_kept; i++) {
        free(f->at[i].file);
        free(f->at[i].text);
    }
    free(f->at);
    *f = (struct faults){0};
}
