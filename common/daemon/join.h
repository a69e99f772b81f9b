// join.h - enrolment by one token: own keys are drawn, the door is knocked at, the parent answers.
#pragma once
#include "proto/code.h"

enum { JOIN_TRIES = 5, JOIN_WAIT_MS = 10000 };

// Makes the state directory's identity from the token and enrols it. The identity is on disk before
// the first knock, so that a lost answer is asked for again with the same certificate. 0; -EACCES:
// refused, -EEXIST: set up already for another unit or token, -ETIMEDOUT; said on stderr.
int join_by_token(const char *dir, struct bytes token_text);
