// join.h - enrolment by one token: own keys are drawn, the door is knocked at, the parent answers.
#pragma once
#include "common/base/keys.h"

enum { JOIN_TRIES = 5, JOIN_WAIT_MS = 10000, JOIN_AGAIN_MS = 200, JOIN_LATER_MS = 30000 };

// Writes an identity that was drawn a moment ago. A file beside it says so until the first start: an
// identity that comes back without it, from a recovery sheet say, has logs elsewhere.
#define FIRST_FILE "first"
int join_write_new(const char *dir, const struct identity *id); // as identity_write

// Makes the state directory's identity from the token and enrols it. The identity is on disk before
// the first knock, so that a lost answer is asked for again with the same certificate. 0; -EACCES:
// refused, -EEXIST: set up already for another unit or token, -ETIMEDOUT; said on stderr.
int join_by_token(const char *dir, struct bytes token_text);
