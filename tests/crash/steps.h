// steps.h - the steps of the protocol that are broken off, or fail, at each of their calls; and the disks before them.
#pragma once
#include "crashdisk.h"
#include "stage.h"

struct scenario {
    const char *name;
    unsigned desk;                     // whose disk it is about
    void (*prepare)(unsigned variant); // the disks as it finds them; may be NULL
    unsigned variant;
    bool started; // both are at work before it begins
    int (*run)(void);
};
struct scene { // the disks before a step
    struct image *images[DESKS];
    struct memory memory;
};

extern const struct scenario steps[];
extern const unsigned n_steps;
extern struct scene founded; // a hub and its node that have worked, and stopped

void steps_found(void);                                       // once; makes the stage
const struct scenario *step_named(const char *name);          // NULL: none
void step_before(const struct scenario *s, struct scene *to); // the disks as the step finds them
int steps_start(const struct scenario *s);                    // who is at work as it begins
void steps_end(void);                                         // nobody is at work
void scene_save(struct scene *to);
void scene_load(const struct scene *from);
void scene_free(struct scene *s);
