// disk.h - a disk that forgets what was not synced, and that fills up: a layer under SQLite.
//
// Every write since the last sync of a file is remembered with what it wrote over. When a machine
// loses its power, none of its calls reach the disk any more, and what was not synced is undone, all
// of it or the newest part: disks do keep some.
#pragma once
#include <stdbool.h>
#include <stdint.h>

void disk_install(void);
void disk_cut_power(const char *dir);               // from now on nothing under it is written
void disk_forget(const char *dir, uint64_t random); // after its files were closed: power is back
void disk_fails_after(const char *dir, int writes); // that many writes, then full; -1: never
uint64_t disk_undone(void);                         // writes undone so far, of all
