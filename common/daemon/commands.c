// commands.c - what both programs answer alike: routes of the daemon, and commands of the shell.
#include "commands.h"
#include "common/net/plain.h"
#include "common/office/sql.h"
#include "common/office/verify.h"
#include "common/office/view.h"
#include "logfile.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void reply_json(struct http_reply *a, void *json_t_root)
{
    a->body = view_dump(json_t_root);
    a->n = strlen(a->body);
}

static struct office *office_of(void *ctx)
{
    return daemon_office(((struct commands_ctx *)ctx)->daemon);
}

uint32_t reply_unit(const struct office *o, const struct http_request *q, struct http_reply *a)
{
    const struct plan *p = office_plan(o);
    const char *code = people_unit(q);
    if (!p) {
        http_refuse(a, 503, "no_plan");
        return PLAN_NONE;
    }
    uint32_t unit =
        plan_unit_of(p, code ? bytes_text(code) : code_bytes(&office_identity(o)->unit));
    if (unit == PLAN_NONE)
        http_refuse(a, 404, "no_such_unit");
    return unit;
}

void route_reconcile(void *ctx, const struct http_request *q, struct http_reply *a)
{
    (void)q;
    reply_json(a, view_reconcile(office_of(ctx)));
}

json_t *reply_quarantine(const struct office *o, const struct http_request *q)
{
    const struct plan *p = office_plan(o);
    json_t *j = view_quarantine(o, people_restricted(q));
    json_t *items = json_object_get(j, "items");
    for (size_t i = json_array_size(items); i-- > 0 && people_scoped(q);) {
        const char *unit = json_string_value(json_object_get(json_array_get(items, i), "unit"));
        if (!people_sees(q, p, p ? plan_unit_of(p, bytes_text(unit)) : PLAN_NONE))
            json_array_remove(items, i);
    }
    json_object_set_new(j, "n", json_integer((json_int_t)json_array_size(items)));
    return j;
}

void route_quarantine(void *ctx, const struct http_request *q, struct http_reply *a)
{
    reply_json(a, reply_quarantine(office_of(ctx), q));
}

void route_events(void *ctx, const struct http_request *q, struct http_reply *a)
{
    (void)ctx, (void)q;
    a->stream = true;
}

void route_export_log(void *ctx, const struct http_request *q, struct http_reply *a)
{
    const char *own = http_query(q, "own");
    int rc = logfile_export(office_of(ctx), own && strcmp(own, "1") == 0, &a->body, &a->n);
    a->type = "application/x-ndjson";
    if (rc < 0)
        daemon_refuse(a, rc);
}

void route_import(void *ctx, const struct http_request *q, struct http_reply *a)
{
    struct logfile_result r;
    int rc = logfile_import(office_of(ctx), q->body, daemon_now(), &r);
    daemon_turned(((struct commands_ctx *)ctx)->daemon, rc);
    if (rc < 0)
        daemon_refuse(a, rc);
    else
        reply_json(a, json_pack("{s:i,s:i,s:i,s:s?}", "runs", r.runs, "refused", r.refused, "line",
                                r.line, "why", r.why));
}

void route_backup(void *ctx, const struct http_request *q, struct http_reply *a)
{
    char room[4200];
    struct form form;
    struct form_field f;
    form_init(&form, q->body, room, sizeof room);
    if (form_next(&form, &f) != 1 || strcmp(f.name, "path") != 0 || f.value[0] != '/') {
        http_refuse(a, 422, "path=/absolute/file is missing");
        return;
    }
    int rc = office_backup(office_of(ctx), f.value);
    if (rc < 0)
        http_refuse(a, 500, strerror(-rc));
    else
        reply_json(a, json_pack("{s:s}", "backup", f.value));
}

int command_reconcile(struct cli *cli)
{
    return cli_done(cli) != CLI_OK ? CLI_USAGE : cli_show(cli, "GET", "/api/reconcile", NULL);
}

int command_quarantine(struct cli *cli)
{
    return cli_done(cli) != CLI_OK ? CLI_USAGE : cli_show(cli, "GET", "/api/quarantine", NULL);
}

int command_form(struct cli *cli, const char *path, const char *prefix)
{
    char *body = NULL, *whole = NULL;
    int rc = cli_form(cli, &body);
    if (rc != CLI_OK)
        return rc;
    if (asprintf(&whole, "%s%s%s", prefix, *prefix && *body ? "&" : "", body) < 0)
        abort();
    rc = cli_show(cli, "POST", path, whole);
    free(body);
    free(whole);
    return rc;
}

int command_query(struct cli *cli, const char *path)
{
    char *query = NULL, *whole = NULL;
    int rc = cli_form(cli, &query);
    if (rc != CLI_OK)
        return rc;
    if (asprintf(&whole, "%s%s%s", path, *query ? "?" : "", query) < 0)
        abort();
    rc = cli_show(cli, "GET", whole, NULL);
    free(query);
    free(whole);
    return rc;
}

int command_config(struct cli *cli)
{
    struct config c;
    struct faults faults = {0};
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    int rc = config_read(&c, cli->dir, &faults);
    faults_print(&faults, stderr);
    faults_clear(&faults);
    if (rc == 0)
        config_print(&c, stdout);
    return rc == 0 ? CLI_OK : CLI_WRONG;
}

static uint64_t no_random(void *ctx)
{
    (void)ctx;
    return 1;
}

// Beside the daemon, or without one: the store is folded anew.
static struct office *open_reader(const char *dir, const struct identity *id)
{
    struct office *o = NULL;
    struct office_setup s = {.dir = dir, .identity = id, .reader = true};
    s.doors.random = no_random;
    return office_open(&o, &s, daemon_now()) < 0 ? NULL : o;
}

// Folds the store anew, as a daemon does at its start: totals from the leaves, and each summary held
// against the evidence where that stands at its cut.
static json_t *recomputed(const char *dir, const struct identity *id, unsigned *ret_unequal)
{
    struct office *o = open_reader(dir, id);
    json_t *j = NULL;
    *ret_unequal = 0;
    if (!o)
        return NULL;
    const struct fold *f = office_fold(o);
    uint32_t unit = f ? plan_unit_of(f->plan, code_bytes(&id->unit)) : PLAN_NONE;
    if (unit != PLAN_NONE) {
        j = json_pack("{s:o,s:o,s:I}", "outcomes", view_outcomes(f), "totals",
                      view_totals(f, unit, daemon_now().wall, true), "unequal",
                      (json_int_t)f->n_unequal);
        *ret_unequal = f->n_unequal;
    }
    office_close(&o);
    return j;
}

static void print_report(const struct verify_report *r, int rc)
{
    if (rc == 0)
        printf("verify: OK %llu logs, %llu runs, %llu records: every chain and signature holds\n",
               (unsigned long long)r->logs, (unsigned long long)r->runs,
               (unsigned long long)r->records);
    else
        printf("verify: log of %s about %s, incarnation %016llx: record %llu in the run "
               "%llu..%llu: %s\n"
               "verify: %llu of %llu runs do not verify; the others do. Fetch them again from the "
               "other side.\n",
               r->log.author.at, r->log.about.at, (unsigned long long)r->log.incarnation,
               (unsigned long long)r->record, (unsigned long long)r->first,
               (unsigned long long)r->last, r->why, (unsigned long long)r->bad_runs,
               (unsigned long long)r->runs);
}

// How many contests came to what, computed anew.
static void print_outcomes(const json_t *outcomes)
{
    json_t *counts = json_object();
    const json_t *o, *n;
    const char *name;
    size_t i;
    json_array_foreach(outcomes, i, o)
    {
        const char *key = json_string_value(json_object_get(o, "outcome"));
        json_int_t before = json_integer_value(json_object_get(counts, key));
        json_object_set_new(counts, key, json_integer(before + 1));
    }
    printf("verify: %zu contests from the leaves:", json_array_size(outcomes));
    json_object_foreach(counts, name, n) printf(" %s %lld", name, json_integer_value(n));
    printf("\n");
    json_decref(counts);
}

static void print_totals(const json_t *found, unsigned unequal)
{
    const json_t *t;
    size_t i;
    print_outcomes(json_object_get(found, "outcomes"));
    json_array_foreach(json_object_get(found, "totals"), i, t)
        printf("verify: %s from the leaves: %lld of %lld places tallied, %lld quarantined, valid "
               "%lld, invalid %lld\n",
               json_string_value(json_object_get(t, "kind")),
               json_integer_value(json_object_get(t, "tallied")),
               json_integer_value(json_object_get(t, "places")),
               json_integer_value(json_object_get(t, "quarantined")),
               json_integer_value(json_object_get(json_object_get(t, "valid"), "sum")),
               json_integer_value(json_object_get(json_object_get(t, "invalid"), "sum")));
    if (unequal > 0)
        printf("verify: %u summaries are not what the evidence at their cut adds up to: see `told` "
               "and `unequal` on the page\n",
               unequal);
}

static json_t *report_json(const struct verify_report *r, int rc)
{
    return json_pack("{s:b,s:I,s:I,s:I,s:I,s:s,s:s,s:o,s:I,s:I,s:I,s:s}", "ok", rc == 0, "logs",
                     (json_int_t)r->logs, "runs", (json_int_t)r->runs, "records",
                     (json_int_t)r->records, "bad_runs", (json_int_t)r->bad_runs, "author",
                     r->log.author.at, "about", r->log.about.at, "incarnation",
                     view_id(r->log.incarnation), "record", (json_int_t)r->record, "first",
                     (json_int_t)r->first, "last", (json_int_t)r->last, "why", r->why);
}

static int show_verified(const struct cli *cli, const struct identity *id,
                         const struct verify_report *r, int rc)
{
    unsigned unequal;
    json_t *found = recomputed(cli->dir, id, &unequal);
    if (cli->json) {
        json_t *j = report_json(r, rc);
        if (found)
            json_object_update(j, found);
        char *text = view_dump(j);
        puts(text);
        free(text);
    } else {
        print_report(r, rc);
        if (found)
            print_totals(found, unequal);
    }
    json_decref(found);
    return rc == 0 && unequal == 0 ? CLI_OK : CLI_WRONG;
}

static bool read_identity(const struct cli *cli, struct identity *ret)
{
    const char *why = NULL;
    int rc = identity_read(cli->dir, ret, &why);
    if (rc < 0)
        fprintf(stderr, "%s/%s: %s\n", cli->dir, IDENTITY_FILE, why ? why : strerror(-rc));
    return rc == 0;
}

// Reads the store beside a daemon or without one.
int command_verify(struct cli *cli)
{
    struct identity id;
    struct store *s = NULL;
    struct verify_report report = {0};
    if (cli_done(cli) != CLI_OK)
        return CLI_USAGE;
    if (!read_identity(cli, &id))
        return CLI_WRONG;
    int rc = store_open_reader(&s, cli->dir);
    if (rc == 0)
        rc = verify_store(s, id.election, &report);
    store_close(&s);
    if (rc == 0 || rc == -EBADMSG)
        return show_verified(cli, &id, &report, rc);
    fprintf(stderr, "%s/store.db: %s\n", cli->dir, strerror(-rc));
    return CLI_WRONG;
}

int command_backup(struct cli *cli)
{
    const char *file = cli_next(cli);
    char path[4100], body[4200] = "", cwd[2048];
    if (!file || cli_done(cli) != CLI_OK)
        return file ? CLI_USAGE : cli_usage(cli, "to which FILE?");
    if (!getcwd(cwd, sizeof cwd))
        cwd[0] = 0;
    snprintf(path, sizeof path, "%s%s%s", *file == '/' ? "" : cwd, *file == '/' ? "" : "/", file);
    if (!form_add(body, sizeof body, "path", path))
        return cli_usage(cli, "the path is too long");
    return cli_show(cli, "POST", "/api/backup", body);
}

int command_export(struct cli *cli)
{
    bool all = cli_flag(cli, "all");
    const char *file = cli_next(cli);
    char *text = NULL;
    long status = 0;
    if (!file || cli_done(cli) != CLI_OK)
        return file ? CLI_USAGE : cli_usage(cli, "to which FILE?");
    int rc = cli_call(cli, "GET", all ? "/api/export/log.jsonl" : "/api/export/log.jsonl?own=1",
                      NULL, &text, &status);
    if (rc != CLI_OK)
        return rc;
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    bool good = status == 200 && fd >= 0 && write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
    if (!good)
        fprintf(stderr, "%s: %s\n", file, status == 200 ? strerror(errno) : text);
    if (fd >= 0)
        close(fd);
    free(text);
    return good ? CLI_OK : CLI_WRONG;
}

// Reads the store as `verify` does: nothing of it goes over any socket.
int command_export_sqlite(struct cli *cli)
{
    struct identity id;
    const char *file = cli_next(cli);
    if (!file || cli_done(cli) != CLI_OK)
        return file ? CLI_USAGE : cli_usage(cli, "to which new FILE?");
    if (!read_identity(cli, &id))
        return CLI_WRONG;
    struct office *o = open_reader(cli->dir, &id);
    int rc = o ? sql_export(o, file, daemon_now().wall) : -EIO;
    if (!o)
        fprintf(stderr, "%s/store.db: cannot be read: try dantin verify\n", cli->dir);
    else if (rc < 0)
        fprintf(stderr, "%s: %s\n", file, strerror(-rc));
    office_close(&o);
    return rc < 0 ? CLI_WRONG : CLI_OK;
}

int command_import(struct cli *cli)
{
    const char *file = cli_next(cli);
    char *text = NULL;
    size_t n = 0;
    if (!file || cli_done(cli) != CLI_OK)
        return file ? CLI_USAGE : cli_usage(cli, "which FILE?");
    FILE *f = fopen(file, "re");
    if (!f || getdelim(&text, &n, 0, f) < 0) {
        fprintf(stderr, "%s: %s\n", file, strerror(errno));
        if (f)
            fclose(f);
        free(text);
        return CLI_WRONG;
    }
    fclose(f);
    char *reply = NULL;
    long status = 0;
    int rc = cli_call(cli, "POST", "/api/import", text, &reply, &status);
    free(text);
    if (rc != CLI_OK)
        return rc;
    json_t *j = json_loads(reply, 0, NULL);
    if (cli->json || status != 200)
        fprintf(status == 200 ? stdout : stderr, "%s\n", reply);
    else
        plain_print(j, stdout);
    rc = status == 200 && json_integer_value(json_object_get(j, "refused")) == 0 ? CLI_OK
                                                                                 : CLI_WRONG;
    json_decref(j);
    free(reply);
    return rc;
}
