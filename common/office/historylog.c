// historylog.c - where statements stand: machines of a unit, forks, hashes, and the rows of an export.
#include "history.h"
#include "inside.h"
#include "words.h"
#include "common/base/csv.h"
#include <stdlib.h>
#include <string.h>

static const char *const streams[] = {"", "reports", "about", "plan"};

bool history_hash(const struct office *o, uint32_t log, uint64_t n, uint8_t ret[HASH_SIZE])
{
    struct stored_run stored;
    struct run run;
    struct cursor c;
    struct bytes record;
    const char *why;
    if (store_run_at(o->store, log, n, &stored) < 0 || run_decode(&run, stored.body, &why) < 0 ||
        run.prev.n != HASH_SIZE)
        return false;
    memcpy(ret, run.prev.at, HASH_SIZE);
    cursor_init(&c, run.records);
    for (uint64_t i = run.first; i <= n; i++) {
        if (!run_next(&c, &record))
            return false;
        chain_next(ret, record);
    }
    return true;
}

// The time at which the run that holds record n came; null where the store does not say.
static json_t *came(const struct office *o, uint32_t log, uint64_t n)
{
    struct stored_run run;
    if (n == 0 || store_run_at(o->store, log, n, &run) < 0)
        return json_null();
    return json_integer((json_int_t)run.at);
}

json_t *history_machines(const struct office *o, uint32_t unit)
{
    const struct fold *f = &o->fold;
    json_t *list = json_array();
    for (uint32_t i = 0; i < o->logs.n && i < f->n_logs; i++) {
        const struct log_head *h = &o->logs.at[i];
        char key[SEAL_TEXT];
        uint32_t grant = f->logs[i].grant;
        if (f->logs[i].home != unit || h->id.stream == STREAM_PLAN ||
            json_array_size(list) == OFFICE_LOGS_PER_UNIT)
            continue;
        bool line = grant != ENTRY_NONE && f->grants[grant].until != UINT64_MAX;
        seal_text(o->books[i].key, key);
        json_t *j = json_pack("{s:o,s:s,s:o,s:s,s:I,s:b,s:o,s:o}", "author",
                              view_bytes(code_bytes(&h->id.author)), "stream",
                              streams[h->id.stream], "incarnation", view_id(h->id.incarnation),
                              "key", key, "n", (json_int_t)h->n, "admitted", fold_admitted(f, i),
                              "first", came(o, i, h->n > 0), "last", came(o, i, h->n));
        json_object_set_new(j, "line",
                            line ? json_integer((json_int_t)f->grants[grant].until) : json_null());
        json_object_set_new(j, "fork",
                            o->books[i].fork_n ? json_integer((json_int_t)o->books[i].fork_n)
                                               : json_null());
        json_array_append_new(list, j);
    }
    return list;
}

json_t *history_forks(const struct office *o, uint32_t unit)
{
    const struct fold *f = &o->fold;
    json_t *list = json_array();
    for (uint32_t i = 0; i < o->logs.n && i < f->n_logs; i++) {
        const struct log_id *id = &o->logs.at[i].id;
        if (o->books[i].fork_n == 0 || f->logs[i].home == PLAN_NONE ||
            !plan_below(o->plan, f->logs[i].home, unit) || json_array_size(list) == HISTORY_FIGURES)
            continue;
        json_array_append_new(
            list,
            json_pack("{s:o,s:o,s:s,s:o,s:I,s:o}", "author", view_bytes(code_bytes(&id->author)),
                      "about", view_bytes(code_bytes(&id->about)), "stream", streams[id->stream],
                      "incarnation", view_id(id->incarnation), "n", (json_int_t)o->books[i].fork_n,
                      "name", view_bytes(o->plan->units[f->logs[i].home].name)));
    }
    return list;
}

// ---- a row of an export

static void put(FILE *to, const char *text)
{
    csv_write_field(to, bytes_text(text ? text : ""), true);
    fputc(',', to);
}

static void put_of(FILE *to, const json_t *j, const char *name)
{
    put(to, json_string_value(json_object_get(j, name)));
}

static void put_time(FILE *to, const json_t *at)
{
    char text[32];
    put(to, json_is_integer(at) ? words_time(json_integer_value(at), text) : "");
}

static void put_words(FILE *to, const json_t *list)
{
    char *text = NULL;
    size_t n = 0, i;
    const json_t *word;
    FILE *words = open_memstream(&text, &n);
    if (!words)
        abort();
    json_array_foreach(list, i, word) fprintf(words, "%s%s", i ? " " : "", json_string_value(word));
    fclose(words);
    put(to, text);
    free(text);
}

// "cutoff=1 voted=214", and of a tally "1:110 2:90".
static void put_values(FILE *to, const json_t *v)
{
    char *text = NULL;
    size_t n = 0, i;
    const char *name, *space = "";
    json_t *field;
    const json_t *vote;
    FILE *words = open_memstream(&text, &n);
    if (!words)
        abort();
    json_object_foreach(json_object_get(v, "fields"), name, field)
    {
        if (json_is_integer(field))
            fprintf(words, "%s%s=%lld", space, name, json_integer_value(field));
        else if (json_is_string(field) && json_string_length(field) > 0)
            fprintf(words, "%s%s=%s", space, name, json_string_value(field));
        else
            continue;
        space = " ";
    }
    json_array_foreach(json_object_get(v, "votes"), i, vote)
    {
        if (json_integer_value(json_object_get(vote, "column")) != 0)
            continue;
        fprintf(words, "%s%lld:%lld", space, json_integer_value(json_object_get(vote, "number")),
                json_integer_value(json_object_get(vote, "votes")));
        space = " ";
    }
    fclose(words);
    put(to, text);
    free(text);
}

void history_csv_head(FILE *to)
{
    fputs(
        "\xef\xbb\xbfplace,place_name,within,contest,kind,values,state,reasons,marks,by,how,behalf,"
        "at,entered,stored,replaces,why,act,author,incarnation,n,hash,verdicts,\n",
        to);
}

void history_csv_row(FILE *to, const json_t *v)
{
    const json_t *copy = json_array_get(json_object_get(v, "copies"), 0), *verdict;
    size_t i;
    char number[24];
    json_t *words = json_array();
    put_of(to, v, "subject");
    put_of(to, json_object_get(v, "place"), "name");
    put_of(to, json_object_get(v, "within"), "name");
    put_of(to, v, "contest");
    put_of(to, v, "kind");
    put_values(to, v);
    put_of(to, v, "state");
    put_words(to, json_object_get(v, "reasons"));
    put_words(to, json_object_get(v, "marks"));
    put_of(to, v, "by");
    put_of(to, v, "how");
    put_of(to, v, "behalf");
    put_time(to, json_object_get(v, "at"));
    put_time(to, json_object_get(v, "entered"));
    put_time(to, json_object_get(v, "stored"));
    put_words(to, json_object_get(v, "replaces"));
    put_of(to, v, "why");
    put_of(to, v, "act");
    put_of(to, copy, "author");
    put_of(to, copy, "incarnation");
    snprintf(number, sizeof number, "%lld", json_integer_value(json_object_get(copy, "n")));
    put(to, number);
    put_of(to, copy, "hash");
    json_array_foreach(json_object_get(v, "verdicts"), i, verdict)
    {
        json_array_append(words, json_object_get(verdict, "word"));
        json_array_append(words, json_object_get(verdict, "by"));
        json_array_append(words, json_object_get(verdict, "why"));
    }
    put_words(to, words);
    json_decref(words);
    fputs("\n", to);
}
