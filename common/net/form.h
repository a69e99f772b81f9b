// form.h - name=value&name=value of a page, a command or a query: read strictly, written plainly.
//
// The form is application/x-www-form-urlencoded. Text is valid UTF-8 without NUL, or the form is
// refused: nothing is guessed and nothing is replaced.
#pragma once
#include "proto/pack.h"

struct form_field {
    const char *name, *value; // ended by NUL, in the buffer of form_init
    size_t n_value;
};

struct form {
    struct bytes rest;
    char *at;
    size_t cap;
};

// A buffer of text.n + 1 bytes is always enough; fields stay valid as long as it does.
void form_init(struct form *f, struct bytes text, void *buffer, size_t cap);
// 1: a field; 0: no more; -EINVAL: a bad escape, no name, no "=", not UTF-8; -ENOSPC: no room left.
int form_next(struct form *f, struct form_field *ret_field);

// Appends "name=value", after a '&' if `to` is not empty. False: no room, `to` is unchanged.
bool form_add(char *to, size_t cap, const char *name, const char *value);
