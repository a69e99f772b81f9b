// fuzz.h - what libFuzzer calls, and what takes its place where there is none.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

// A rule that does not hold stops the program, as a memory fault does.
#define MUST(rule)                                                                                 \
    ((rule) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #rule), abort()))
