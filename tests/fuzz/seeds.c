// seeds.c - writes a small corpus for each fuzzer, made by the project's own writers: seeds FOLDER.
#include "common/election/summary.h"
#include "common/office/planfolder.h"
#include "fuzz.h"
#include "proto/code.h"
#include "proto/record.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *base;

static void put(const char *target, const char *name, struct bytes b)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", base, target);
    mkdir(base, 0755);
    mkdir(path, 0755);
    snprintf(path, sizeof path, "%s/%s/%s", base, target, name);
    FILE *to = fopen(path, "wb");
    MUST(to && fwrite(b.at, 1, b.n, to) == b.n && fclose(to) == 0);
}

static const struct log_id some_log = {
    .author = {3, "01D"}, .about = {3, "01D"}, .stream = STREAM_REPORTS, .incarnation = 5};

static struct bytes record(unsigned kind, uint8_t *buffer, size_t cap)
{
    static const uint8_t zeros[64];
    struct record r = {.kind = kind,
                       .act = 9,
                       .at = 1,
                       .entered = 2,
                       .how = HOW_DESK,
                       .subject = bytes_text("01D1-1"),
                       .contest = bytes_text("K"),
                       .by = bytes_text("p1"),
                       .n_replaces = 1,
                       .replaces = {3}};
    const struct record_spec *s = record_spec(kind);
    const char *why;
    for (unsigned i = 0; s->fields[i].name; i++)
        if (s->fields[i].type == FIELD_BIN)
            r.blob[i] = bytes_of(zeros, s->fields[i].max < 32 ? s->fields[i].max : 32);
        else if (s->fields[i].type != FIELD_TEXT)
            record_set(&r, i, s->fields[i].min);
    r.n_list = s->list ? 2 : 0;
    r.list[0] = 1;
    int n = record_encode(&r, buffer, cap, &why);
    MUST(n > 0);
    return bytes_of(buffer, (size_t)n);
}

// All columns of a tally's list, each with its key in the longest form.
static void tally(uint8_t *buffer, size_t cap)
{
    struct record r = {.kind = KIND_TALLY, .act = 9, .how = HOW_DESK};
    const char *why;
    r.blob[TALLY_DEFINITION] = bytes_of("12345678", 8);
    for (unsigned i = TALLY_ELIGIBLE; i <= TALLY_ABSENT; i++)
        record_set(&r, i, i);
    for (uint64_t i = 0; i < COLUMNS * 2; i++) {
        r.list[r.n_list++] = i / 2 << 32 | (i % 2 + 1);
        r.list[r.n_list++] = 1000 * i;
    }
    int n = record_encode(&r, buffer, cap, &why);
    MUST(n > 0);
    put("record", "columns", bytes_of(buffer, (size_t)n));
}

static void records(void)
{
    uint8_t buffer[RECORD_MAX];
    tally(buffer, sizeof buffer);
    for (unsigned kind = 0; kind < 256; kind++)
        if (record_spec(kind))
            put("record", record_spec(kind)->name, record(kind, buffer, sizeof buffer));
}

static struct bytes a_run(uint8_t *buffer, size_t cap)
{
    static const uint8_t election[ELECTION_SIZE];
    uint8_t one[RECORD_MAX], start[HASH_SIZE], key[KEY_SIZE], secret[SECRET_SIZE],
        seed[SEED_SIZE] = {2};
    struct run_writer w;
    key_pair(seed, key, secret);
    chain_start(election, &some_log, key, start);
    run_begin(&w, buffer, cap, 0, start);
    MUST(run_add(&w, record(KIND_TURNOUT, one, sizeof one)) == 0);
    return run_end(&w, election, &some_log, secret);
}

static void frames(void)
{
    static uint8_t buffer[FRAME_MAX], run[RUN_BYTES_MAX];
    uint8_t hash[HASH_SIZE] = {1}, mark[MARK_MAX], secret[SECRET_SIZE] = {1};
    struct packer p;
    struct frame f = {.session = 8,
                      .lowest = 1,
                      .highest = 1,
                      .unit = some_log.author,
                      .seen = 1,
                      .credit = 9,
                      .last = true,
                      .taking = 1};
    pack_init(&p, buffer, sizeof buffer);
    frame_hello(&p, &f);
    put("frame", "hello", packed(&p));
    pack_init(&p, buffer, sizeof buffer);
    frame_have(&p, &f, 1);
    frame_have_item(&p, &some_log, 3, hash);
    put("frame", "have", packed(&p));
    struct bytes body = a_run(run, sizeof run);
    put("frame", "body", body);
    pack_init(&p, buffer, sizeof buffer);
    frame_run(&p, 8, &some_log, 1);
    frame_run_item(&p, body, bytes_of(NULL, 0));
    put("frame", "run", packed(&p));
    struct mark m = {.tier = {2, "01"}, .log = some_log, .n = 3};
    size_t n = mark_make(&m, hash, secret, mark);
    pack_init(&p, buffer, sizeof buffer);
    frame_mark(&p, 8, 1);
    pack_raw(&p, bytes_of(mark, n));
    put("frame", "mark", packed(&p));
    pack_init(&p, buffer, sizeof buffer);
    frame_beat(&p, &f, 1);
    frame_beat_item(&p, &(struct frame_link){.unit = some_log.author, .word = LINK_CONNECTED});
    put("frame", "beat", packed(&p));
    pack_init(&p, buffer, sizeof buffer);
    frame_bye(&p, 8, "why");
    put("frame", "bye", packed(&p));
}

static void plan(void)
{
    uint8_t buffer[2048];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    plan_pack_head(&p, 1, bytes_text("test"), bytes_text("t"));
    pack_array(&p, 1);
    plan_pack_level(&p, &(struct plan_level){bytes_text("l"), bytes_text("l")});
    pack_array(&p, 1);
    plan_pack_cutoff(&p, &(struct plan_cutoff){bytes_text("9"), 9, 1});
    pack_array(&p, 1);
    plan_pack_category(&p, &(struct plan_category){bytes_text("lũ"), bytes_text("flood")});
    pack_array(&p, 1);
    plan_pack_target(&p, &(struct plan_target){bytes_text("women"), 30});
    pack_array(&p, 1);
    const struct plan_profile rules = {.name = bytes_text("r"),
                                       .rule = RULE_CONFIDENCE,
                                       .need = {1, 2, 1},
                                       .restricted = 1,
                                       .lowest = {2, 3, 0},
                                       .n_grades = 2,
                                       .grades = {bytes_text("cao"), bytes_text("thấp")}};
    plan_pack_profile(&p, &rules);
    pack_array(&p, 1);
    pack_text(&p, bytes_text("k"));
    pack_array(&p, 3);
    for (uint32_t i = 0; i < 3; i++)
        plan_pack_unit(&p,
                       &(struct plan_unit){.code = bytes_of(&"abc"[i], 1),
                                           .parent = i == 0 ? PLAN_NONE : 0,
                                           .place = i > 0,
                                           .n_dues = i == 2},
                       &(struct plan_due){.cutoff = 1, .at = 8});
    pack_array(&p, 1);
    const struct plan_candidate two[] = {{1, bytes_text("a"), bytes_text("A")},
                                         {2, bytes_text("b"), bytes_text("B")}};
    plan_pack_contest(&p,
                      &(struct plan_contest){.code = bytes_text("K"),
                                             .seats = 1,
                                             .places_in_all = 2,
                                             .n_candidates = 2,
                                             .paper = bytes_text("p"),
                                             .person = bytes_text("an")},
                      two);
    pack_array(&p, 2);
    plan_pack_ballot(&p, &(struct plan_ballot){.unit = 1, .voters = 1000}, &rules);
    plan_pack_ballot(
        &p, &(struct plan_ballot){.unit = 2, .voters = VOTERS_UNKNOWN, .method = SHOW_OF_HANDS},
        &rules);
    put("plan", "small", packed(&p));
}

static void summary(void)
{
    uint8_t buffer[2048], hash[HASH_SIZE] = {1};
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    pack_array(&p, 4);
    pack_uint(&p, 1);
    pack_array(&p, 1);
    frame_have_item(&p, &some_log, 3, hash);
    for (unsigned i = 0; i < 2; i++) {
        pack_array(&p, 1);
        pack_array(&p, 2);
        pack_text(&p, bytes_text("K"));
        pack_array(&p, 3);
        for (unsigned k = 0; k < 3; k++)
            pack_uint(&p, k);
    }
    put("summary", "small", packed(&p));
}

static void token(void)
{
    struct token t = {.unit = some_log.author, .n_ways = 1, .n_signers = 1};
    char text[TOKEN_TEXT_MAX];
    strcpy(t.ways[0].address, "127.0.0.1:5000");
    t.signers[0].unit = (struct code){2, "01"};
    MUST(token_encode(&t, text) == 0);
    put("token", "small", bytes_text(text));
}

// Days of a hub's child that says much: runs of its own log, its words about the commune below it, and
// that commune's reports, with records drawn from a fixed seed (48 bytes each, as fuzz_office.c eats).
static void day(unsigned number)
{
    static const uint8_t logs[][3] = {{13, 4, 7},   {13, 4, 7},   {13, 16, 7},
                                      {15, 12, 23}, {15, 12, 23}, {5, 6, 7}}; // who, which, how
    static const char *const names[] = {"first", "second", "third", "fourth", "fifth", "sixth"};
    uint8_t acts[60 * 300] = {0, 1, 6, 0, 8, 1, 0}; // greeting, and a listing that ends
    uint32_t state = number + 1;
    size_t n = 7;
    for (unsigned run = 0; run < 24; run++) {
        const uint8_t *log = logs[(state >> 16) % 6];
        acts[n++] = 1;
        memcpy(acts + n, log, 3);
        n += 3;
        for (unsigned i = 0; i < 4 * 48; i++) {
            state = state * 1664525u + 1013904223u;
            acts[n++] = (uint8_t)(state >> 24);
        }
        if (run == 2) // the commune's reports count from here
            acts[n - 4 * 48] = 8, acts[n - 4 * 48 + 5] = 1, acts[n - 4 * 48 + 4] = 0;
        acts[n++] = 14;
    }
    put("office", names[number], bytes_of(acts, n));
}

// One item of each kind and size of head, then what the strict reader refuses and another takes.
static void packs(void)
{
    static const char *const odd[] = {"\xcc\x7f",  "\xc0",     "\xd0\xff", "\x81\x01\x02",
                                      "\xd9\x01z", "\xa1\x1b", "\x01\x01", "\xdd\x01"};
    static uint8_t buffer[1 << 11], much[300];
    struct packer p;
    pack_init(&p, buffer, sizeof buffer);
    pack_array(&p, 16);
    for (unsigned i = 0; i < 13; i++)
        pack_uint(&p, UINT64_MAX >> 5 * i);
    pack_text(&p, bytes_text("Xã Ba Vì, thôn 1: một dòng chữ dài hơn ba mươi hai byte"));
    pack_bin(&p, bytes_of(much, sizeof much));
    pack_array(&p, 1);
    pack_bin(&p, bytes_of(much, 5));
    put("pack", "every", packed(&p));
    for (unsigned i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char name[] = {'o', 'd', 'd', (char)('0' + i), 0};
        put("pack", name, bytes_text(odd[i]));
    }
}

// The folder that `plan new` writes, as fuzz_folder.c reads it.
static void folder(void)
{
    static const char *const names[] = {"election.zpl", "profiles.zpl",   "units.csv",
                                        "contests.csv", "candidates.csv", "voters.csv",
                                        "holidays.csv"};
    static uint8_t all[1 << 14];
    char dir[] = "/tmp/dantin-seeds-XXXXXX", path[64];
    size_t n = 0;
    MUST(mkdtemp(dir) && planfolder_new(dir) == 0);
    for (unsigned i = 0; i < 7; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        FILE *from = fopen(path, "rb");
        n += from ? fread(all + n, 1, sizeof all - n - 1, from) : 0;
        all[n++] = 0x1e;
        if (from)
            fclose(from);
        unlink(path);
    }
    MUST(rmdir(dir) == 0);
    put("folder", "new", bytes_of(all, n));
}

static void logfiles(void)
{
    put("logfile", "child",
        bytes_text("{\"export\":\"dantin 1\",\"election\":\"00\",\"unit\":\"99001\"}\n"
                   "{\"log\":0,\"author\":\"99001\",\"about\":\"99001\",\"stream\":1,"
                   "\"incarnation\":\"0000000000000002\",\"key\":\"00\"}\n"
                   "{\"run\":0,\"first\":1,\"body\":\"@4\",\"texts\":\"\"}\n"
                   "{\"run\":0,\"first\":1,\"body\":\"@5\",\"texts\":\"\"}\n"
                   "{\"totals\":[],\"plan\":\"\"}\n"));
    put("logfile", "others",
        bytes_text("{\"log\":1,\"author\":\"99002\",\"about\":\"99002\",\"stream\":1,"
                   "\"incarnation\":\"3\"}\n{\"run\":1,\"body\":\"@8\",\"texts\":\"\"}\n"
                   "{\"log\":2,\"author\":\"99001\",\"about\":\"9900101\",\"stream\":2,"
                   "\"incarnation\":\"1\"}\n{\"run\":2,\"body\":\"@0\",\"texts\":\"01a0\"}\n"
                   "{\"run\":9}\nnone\n"));
}

static void requests(void)
{
    static const char *const all[] = {
        "\0GET /api/say?name=a%20b&name=%C3%A9&x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "\1POST /api/say HTTP/1.1\r\nHost: office.example\r\nX-Dantin: 1\r\nContent-Length: "
        "7\r\n\r\na=b&c=d",
        "\1POST /api/say HTTP/1.1\r\nHost: office.example\r\nOrigin: null\r\nX-Dantin: "
        "1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
        "\1HEAD / HTTP/1.0\r\nSec-Fetch-Site: none\r\nHost: office.example\r\n\r\n",
        "\0POST /api/secret HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: "
        "1048577\r\n\r\n"};
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
        char name[] = {'r', (char)('0' + i), 0};
        put("http", name, bytes_of(all[i], 1 + strlen(all[i] + 1)));
    }
}

static void intakes(void)
{
    put("intake", "child",
        bytes_text(
            "\1kind=turnout&place=9900101&by=a&cutoff=1&voted=1.234&at=17:05&how=phone\n"
            "kind=tally&place=9900101&contest=9900101-TT&by=a&issued=90&returned=90&valid=88&"
            "invalid=2&votes=1:60,2:28\nkind=tally&place=9900101&by=a&1=60&2=28&replaces=last\n"
            "kind=incident&place=9900102&by=a&category=1&severity=2&state=1&text=M%E1%BA%A5t\n"
            "kind=verdict&by=a&word=accept&of=0000000000000007&among=0000000000000008\n"
            "kind=decision&what=recognised&contest=9900102-TT&by=a&why=x&date=22/05/2022\n"));
    put("intake", "own",
        bytes_text(
            "\2kind=step&what=opened&place=9900101&by=a&act=00000000000000ff&replaces="
            "0000000000000001,0000000000000002\nkind=situation&place=9900102&by=a&order=1\n"));
}

int main(int argc, char **argv)
{
    static const uint8_t acts[] = {0, 1, 6, 0, 8,  1,  0,  14, 1,  5,  4, 1, 1, 1,   9,
                                   0, 0, 1, 0, 14, 1,  5,  4,  0,  2,  9, 2, 1, 1,   7,
                                   0, 0, 2, 1, 1,  2,  3,  9,  20, 14, 1, 1, 1, 1,   8,
                                   4, 1, 4, 0, 0,  14, 11, 6,  1,  1,  1, 3, 0, 255, 14};
    MUST(argc == 2);
    base = argv[1];
    packs();
    folder();
    logfiles();
    requests();
    intakes();
    records();
    frames();
    plan();
    summary();
    token();
    put("text", "form", bytes_of("\0a=b&c=%C3%A9+x", 15));
    put("text", "figure", bytes_text("\0031.234.567"));
    put("text", "time", bytes_text("\0037h05 28/05/2026"));
    put("text", "name", bytes_text("\4Thôn <b>\"1\"</b> & 2"));
    put("text", "csv", bytes_text("\1code;name\r\n01;\"a \"\"b\"\"\"\r\n02;c\n"));
    put("text", "zpl",
        bytes_text("\2link\n    listen = 127.0.0.1:5000\n    motto = \"a # b\"\n# end\n"));
    put("paste", "message",
        bytes_text("\1Ch\303\240o\nA: 214\n9900102\t380\t97/380\nB th\303\252m 40\nA 98 %\n1. "
                   "a - 1.214 ng\306\260\341\273\235i (56,3%)\n2;B;380;5"));
    put("table", "villages",
        bytes_text("\x08X\303\243 Ba V\303\254;;\nTT;T\303\252n th\303\264n;C\341\273\255 "
                   "tri;Ng\306\260\341\273\235i \341\273\251ng "
                   "c\341\273\255;;Gi\341\273\235\n1;Th\303\264n 1;3.452;A B;C "
                   "D;7h30\n2;Th\303\264n 2;98%;E;;0.5\n"
                   "T\341\273\225ng;3;;;;\n"));
    put("table", "people",
        bytes_text("\x18T\303\252n th\303\264n\tC\341\273\255 tri\tH\341\273\215 v\303\240 "
                   "t\303\252n\tN\304\203m sinh\tN\341\273\257\n"
                   "Th\303\264n H\341\272\241\t9\tA\t1980\tx\n\t\tB\t1/2/1970\t\n"));
    put("table", "tcvn3",
        bytes_text("\x01T\252n th\253n,S\350 c\366 tri,Ng\255\352i \370ng c\366 1\nTh\253n "
                   "\247\345ng,2,L\252 D\n"));
    put("office", "day", bytes_of(acts, sizeof acts));
    for (unsigned i = 0; i < 6; i++)
        day(i);
    return 0;
}
