// advice.c - when to stop waiting for the line and to take the telephone: figures, and incidents nobody answered.
#include "advice.h"

const char *advice_name(enum advice a)
{
    static const char *const names[] = {"none", "wait", "phone"};
    return names[a];
}

enum advice advice_of(const struct advice_unsent *u, int64_t now)
{
    int64_t age = now - u->entered;
    bool near = u->until > 0 && u->until - now <= ADVICE_NEAR_MS;
    if (age >= ADVICE_LONG_MS || (near && age >= ADVICE_SHORT_MS))
        return ADVICE_PHONE;
    return age >= ADVICE_ON_ITS_WAY_MS ? ADVICE_WAIT : ADVICE_NONE;
}

bool advice_incident(int64_t entered, int64_t now)
{
    return now - entered >= ADVICE_INCIDENT_MS;
}
