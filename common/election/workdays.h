// workdays.h - days of offices in Vietnam: which are worked, and when so many of them are over.
//
// A day is a number, since 1 January 1970, by Vietnam's clock. Saturdays and Sundays are off unless the plan says
// that they are worked; other days are worked unless the plan says that they are off. The day from which is
// counted does not count itself. Pure.
#pragma once
#include "plan.h"

enum { WORKDAYS_MAX = 4000 }; // of one count

int32_t workdays_day(int64_t at);                    // ms since 1970
int64_t workdays_start(int32_t day);                 // ms when it begins
int32_t workdays_date(int year, int month, int day); // -1: no such day, or before 1970
void workdays_civil(int32_t day, int *year, int *month, int *ret_day);
bool workdays_weekend(int32_t day);
bool workdays_is(const struct plan *p, int32_t day);
// The n-th working day after `from`; n 0: `from` itself, worked or not. n above WORKDAYS_MAX: that many.
int32_t workdays_after(const struct plan *p, int32_t from, unsigned n);
// Working days after `from` up to and with `to`; where `to` is before `from`, those after it, below 0. At most
// WORKDAYS_MAX days are looked at.
int workdays_between(const struct plan *p, int32_t from, int32_t to);
// The same day so many months on, or the last of that month.
int32_t workdays_months(int32_t from, unsigned months);
// What the plan says of this day, NULL: nothing.
const struct plan_day *workdays_named(const struct plan *p, int32_t day);
