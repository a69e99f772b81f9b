// logfile.c - a store's signed logs as a file of lines: for an auditor, or for a courier.
#include "logfile.h"
#include "common/election/outcome.h"
#include "common/office/view.h"
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOGS_MAX = 65536 };

struct writing {
    struct office *o;
    FILE *to;
    bool own_only;
    bool *named; // by log
};

static void put_hex(FILE *to, const char *name, struct bytes b)
{
    fprintf(to, "\"%s\":\"", name);
    for (size_t i = 0; i < b.n; i++)
        fprintf(to, "%02x", b.at[i]);
    fputc('"', to);
}

static void put_text(FILE *to, const char *name, struct bytes b)
{
    json_t *j = view_bytes(b);
    char *text = json_dumps(j, JSON_ENCODE_ANY | JSON_COMPACT);
    fprintf(to, "\"%s\":%s", name, text ? text : "\"\"");
    free(text);
    json_decref(j);
}

static void put_log(struct writing *w, uint32_t log)
{
    const struct log_id *id = &office_logs(w->o)->at[log].id;
    fprintf(w->to, "{\"log\":%u,", log);
    put_text(w->to, "author", code_bytes(&id->author));
    fputc(',', w->to);
    put_text(w->to, "about", code_bytes(&id->about));
    fprintf(w->to, ",\"stream\":%u,\"incarnation\":\"%016llx\",", id->stream,
            (unsigned long long)id->incarnation);
    put_hex(w->to, "key", bytes_of(office_log_key(w->o, log), KEY_SIZE));
    fputs("}\n", w->to);
}

static int put_run(void *ctx, const struct stored_run *r)
{
    struct writing *w = ctx;
    const struct log_id *id = &office_logs(w->o)->at[r->log].id;
    if (w->own_only &&
        !(id->stream == STREAM_REPORTS && code_same(&id->author, &office_identity(w->o)->unit)))
        return 0;
    if (!w->named[r->log])
        put_log(w, r->log);
    w->named[r->log] = true;
    fprintf(w->to, "{\"run\":%u,\"first\":%llu,", r->log, (unsigned long long)r->first);
    put_hex(w->to, "body", r->body);
    fputc(',', w->to);
    put_hex(w->to, "texts", r->texts);
    fputs("}\n", w->to);
    return ferror(w->to) ? -EIO : 0;
}

static void put_outcome(FILE *to, const struct fold *f, uint32_t contest)
{
    const struct plan_contest *k = &f->plan->contests[contest];
    struct outcome_of out;
    const char *comma = "";
    outcome_find(f, contest, &out);
    fprintf(to, ",\"outcome\":\"%s\",\"elected\":[", outcome_name(out.outcome));
    for (uint32_t c = 0; c < k->n_candidates; c++) {
        if (out.mark[c] != 1)
            continue;
        fprintf(to, "%s%llu", comma,
                (unsigned long long)f->plan->candidates[k->first_candidate + c].number);
        comma = ",";
    }
    fputc(']', to);
}

// Sums of what is proven here; where something told counts in them, nobody could add them up.
static void put_kinds(FILE *to, const struct fold *f)
{
    for (uint32_t i = 0; i < f->n_inner; i++)
        if (f->told[i].used)
            return;
    fputs("\"kinds\":[", to);
    for (unsigned k = 0; k < f->plan->n_kinds && !f->plan->units[0].place; k++) {
        const int64_t *sums = fold_sums(f, 0, k);
        for (unsigned i = 0; i < sums_of(f->plan); i++)
            fprintf(to, "%s%lld", i ? "," : k ? ",[" : "[", (long long)sums[i]);
        fputc(']', to);
    }
    fputs("],", to);
}

static void put_totals(struct writing *w)
{
    const struct fold *f = office_fold(w->o);
    fputs("{\"totals\":[", w->to);
    for (uint32_t i = 0; f && i < f->plan->n_contests; i++) {
        const struct plan_contest *k = &f->plan->contests[i];
        const int64_t *sums = fold_contest(f, i);
        fprintf(w->to, "%s{", i ? "," : "");
        put_text(w->to, "contest", k->code);
        fprintf(w->to, ",\"tallied\":%lld,\"votes\":{", (long long)sums[CONTEST_TALLIED]);
        for (uint32_t c = 0; c < k->n_candidates; c++)
            fprintf(w->to, "%s\"%llu\":%lld", c ? "," : "",
                    (unsigned long long)f->plan->candidates[k->first_candidate + c].number,
                    (long long)sums[CONTEST_VOTES + c]);
        fputc('}', w->to);
        put_outcome(w->to, f, i);
        fputc('}', w->to);
    }
    fputs("],", w->to);
    if (f)
        put_kinds(w->to, f);
    put_hex(w->to, "plan", f ? f->plan->bytes : bytes_of(NULL, 0));
    fputs("}\n", w->to);
}

int logfile_export(struct office *o, bool own_only, char **ret, size_t *ret_n)
{
    struct writing w = {.o = o, .own_only = own_only, .to = open_memstream(ret, ret_n)};
    w.named = calloc(office_logs(o)->n + 1, sizeof *w.named);
    if (!w.to || !w.named)
        abort();
    fputs("{\"export\":\"dantin 1\",", w.to);
    put_hex(w.to, "election", bytes_of(office_identity(o)->election, ELECTION_SIZE));
    fputc(',', w.to);
    put_text(w.to, "unit", code_bytes(&office_identity(o)->unit));
    fputs("}\n", w.to);
    int rc = store_each(office_store(o), put_run, &w);
    if (rc == 0)
        put_totals(&w);
    fclose(w.to);
    free(w.named);
    return rc;
}

struct reading {
    struct office *o;
    struct moment now;
    struct log_id *logs; // by the file's numbers
    bool *named;
    struct logfile_result *result;
};

static int take_code(const json_t *j, const char *name, struct code *ret)
{
    const json_t *v = json_object_get(j, name);
    if (!json_is_string(v) || json_string_length(v) > CODE_MAX)
        return -EBADMSG;
    *ret = code_of(bytes_of(json_string_value(v), json_string_length(v)));
    return 0;
}

static int take_log(struct reading *r, const json_t *j, json_int_t i)
{
    struct log_id id = {.stream = (unsigned)json_integer_value(json_object_get(j, "stream"))};
    const char *hex = json_string_value(json_object_get(j, "incarnation"));
    if (i < 0 || i >= LOGS_MAX || !hex || id.stream < STREAM_REPORTS || id.stream > STREAM_PLAN ||
        take_code(j, "author", &id.author) < 0 || take_code(j, "about", &id.about) < 0)
        return -EBADMSG;
    id.incarnation = strtoull(hex, NULL, 16);
    r->logs[i] = id;
    r->named[i] = true;
    return 0;
}

static int from_hex(const json_t *v, uint8_t *to, size_t cap, struct bytes *ret)
{
    size_t n = 0;
    if (!json_is_string(v) ||
        sodium_hex2bin(to, cap, json_string_value(v), json_string_length(v), NULL, &n, NULL) != 0)
        return -EBADMSG;
    *ret = bytes_of(to, n);
    return 0;
}

static int take_run(struct reading *r, const json_t *j, json_int_t i)
{
    static uint8_t body[RUN_BYTES_MAX], texts[RUN_BYTES_MAX];
    struct bytes b, t;
    if (i < 0 || i >= LOGS_MAX || !r->named[i] ||
        from_hex(json_object_get(j, "body"), body, sizeof body, &b) < 0 ||
        from_hex(json_object_get(j, "texts"), texts, sizeof texts, &t) < 0 || texts_check(t) < 0 ||
        b.n == 0)
        return -EBADMSG;
    r->result->runs++;
    return office_import(r->o, &r->logs[i], b, t, r->now);
}

static int take_line(struct reading *r, struct bytes line)
{
    json_error_t e;
    json_t *j = json_loadb((const char *)line.at, line.n, JSON_REJECT_DUPLICATES, &e);
    const json_t *log = json_object_get(j, "log"), *run = json_object_get(j, "run");
    int rc = !j ? -EBADMSG : 0;
    if (json_is_integer(log))
        rc = take_log(r, j, json_integer_value(log));
    else if (json_is_integer(run))
        rc = take_run(r, j, json_integer_value(run));
    json_decref(j);
    return rc;
}

int logfile_import(struct office *o, struct bytes text, struct moment now,
                   struct logfile_result *ret)
{
    struct reading r = {.o = o, .now = now, .result = ret};
    unsigned line = 0;
    memset(ret, 0, sizeof *ret);
    r.logs = calloc(LOGS_MAX, sizeof *r.logs);
    r.named = calloc(LOGS_MAX, sizeof *r.named);
    if (!r.logs || !r.named)
        abort();
    for (size_t i = 0; i < text.n;) {
        size_t end = i;
        while (end < text.n && text.at[end] != '\n')
            end++;
        line++;
        int rc = end > i ? take_line(&r, bytes_of(text.at + i, end - i)) : 0;
        if (rc < 0 && ret->refused++ == 0) {
            ret->line = line;
            ret->why = rc == -ENOKEY ? "its author is not known here yet"
                                     : "not a run of a log of this election";
        }
        i = end + 1;
    }
    free(r.logs);
    free(r.named);
    return office_turn(o, now);
}
