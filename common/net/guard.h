// guard.h - whether a request that came by TCP may have been sent by one of our own pages.
//
// Pure. Host is checked against a list, so that no foreign name that resolves to us is served (DNS
// rebinding); the address that the connection came to is on it, whatever it is today. A POST must carry our own header, which a browser sends to another site only after
// asking it, and we never answer that question; Origin and Sec-Fetch-Site are checked where they
// are sent.
#pragma once

struct guard {
    int port;         // of the listener
    const char *name; // one more allowed host, with or without a port; NULL: none
};

struct guard_headers { // NULL: not sent
    const char *method, *host, *origin, *site, *ours;
    const char *address; // numeric, of this end of the connection
};

const char *guard_check(const struct guard *g,
                        const struct guard_headers *h); // NULL: may pass; else why not
