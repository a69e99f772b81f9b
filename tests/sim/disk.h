// disk.h - a disk that forgets what was not synced, tears, fills up and fails: a layer under SQLite.
//
// Every write since the last sync of a file is remembered with what it wrote over. When a machine
// loses its power, none of its calls reach the disk any more, and what was not synced is undone: all
// of it, the newest part, any part, or a write in its middle. Disks are known by their directories.
#pragma once
#include <stdbool.h>
#include <stdint.h>

void disk_install(void);
void disk_reset(void);                // another world: all disks are as new
void disk_add(const char *dir);       // before any file is opened there
void disk_cut_power(const char *dir); // from now on nothing under it is written
bool disk_is_off(const char *dir);
void disk_forget(const char *dir, uint64_t random); // after its files were closed: power is back
void disk_settle(const char *dir);                  // what was written is there, synced or not
void disk_fails_after(const char *dir, int writes); // that many writes, then full; -1: never
void disk_dies_after(const char *dir, int steps);   // writes and syncs, then its power goes
void disk_sync_fails_after(const char *dir, int syncs); // one sync after that many
bool disk_flip(const char *path, uint64_t random);      // one bit of a file
uint64_t disk_undone(void);                             // writes undone so far, of all
