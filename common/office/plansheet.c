// plansheet.c - one spreadsheet for each commune, to be filled in and given to `plan merge`.
//
// Every cell is text, so that a spreadsheet leaves codes, numbers and hours as they are typed. The
// words of the header are those that `plan merge` knows best.
#include "plansheet.h"
#include "mergeinside.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    HEADER_ROW = 3,
    SPARE_ROWS = 30,   // below the villages that are known
    PERSONS_SHOWN = 5, // candidates there is room for, unless the plan has more somewhere
    PATH_ROOM = 4096
};

struct column_head {
    const char *name;
    double width;
};
static const struct column_head village_heads[] = {
    {"Mã thôn", 12},        {"Tên thôn, tổ dân phố", 28},
    {"Loại", 13},           {"Số cử tri", 10},
    {"Hình thức", 24},      {"Ngày bầu cử", 12},
    {"Giờ khai mạc", 12},   {"Giờ kết thúc", 12},
    {"Người ứng cử 1", 24}, {"Người ứng cử 2", 24},
    {"Người ứng cử 3", 24}, {"Người ứng cử 4", 24},
    {"Người ứng cử 5", 24}, {"Người ứng cử 6", 24},
    {"Người ứng cử 7", 24}, {"Người ứng cử 8", 24},
    {"Người ứng cử 9", 24}, {"Người ứng cử 10", 24},
};
static const struct column_head person_heads[] = {
    {"Mã thôn", 12},
    {"Tên thôn, tổ dân phố", 28},
    {"Số thứ tự", 10},
    {"Họ và tên người ứng cử", 26},
    {"Tái cử", 8},
    {"Nữ", 8},
    {"Dân tộc thiểu số", 16},
    {"Đảng viên", 10},
    {"Năm sinh", 10},
    {"Trình độ", 18},
    {"Lý luận chính trị", 18},
    {"Bí thư chi bộ", 14},
};
enum {
    VILLAGE_CODE,
    VILLAGE_NAME,
    VILLAGE_KIND,
    VILLAGE_VOTERS,
    VILLAGE_METHOD,
    VILLAGE_DAY,
    VILLAGE_OPENS,
    VILLAGE_CLOSES,
    VILLAGE_PERSON_1
};
enum { PERSON_CODE, PERSON_VILLAGE, PERSON_NUMBER, PERSON_NAME, PERSON_FACT_1 };
_Static_assert(sizeof village_heads / sizeof village_heads[0] ==
                   VILLAGE_PERSON_1 + MERGE_PERSONS_MAX,
               "a head for each candidate that merge takes");
enum { N_PERSON = sizeof person_heads / sizeof person_heads[0] };

struct book {
    lxw_workbook *workbook;
    lxw_worksheet *villages, *persons;
    lxw_format *title, *head, *text;
    lxw_row_t row, person_row;
    unsigned n_persons; // columns for candidates, and rows of each village in the second sheet
    bool filled;
};

// The title names the commune, by which the table is known again.
static void begin_sheet(struct book *b, lxw_worksheet *s, const char *title, const char *note,
                        const struct column_head *heads, lxw_col_t n)
{
    for (lxw_col_t i = 0; i < n; i++) {
        worksheet_set_column(s, i, i, heads[i].width, b->text);
        worksheet_write_string(s, HEADER_ROW, i, heads[i].name, b->head);
    }
    worksheet_merge_range(s, 0, 0, 0, (lxw_col_t)(n - 1), title, b->title);
    worksheet_merge_range(s, 1, 0, 1, (lxw_col_t)(n - 1), note, NULL);
    worksheet_freeze_panes(s, HEADER_ROW + 1, 2);
    worksheet_set_landscape(s);
    worksheet_set_paper(s, 9); // A4
    worksheet_fit_to_pages(s, 1, 0);
    worksheet_repeat_rows(s, HEADER_ROW, HEADER_ROW);
}

static void begin_book(struct merge *m, struct book *b, const struct commune *c, const char *path)
{
    b->workbook = workbook_new(path);
    b->title = workbook_add_format(b->workbook);
    b->head = workbook_add_format(b->workbook);
    b->text = workbook_add_format(b->workbook);
    format_set_bold(b->title);
    format_set_font_size(b->title, 14);
    format_set_bold(b->head);
    format_set_text_wrap(b->head);
    format_set_border(b->head, LXW_BORDER_THIN);
    format_set_align(b->head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_num_format(b->head, "@");
    format_set_num_format(b->text, "@");
    b->villages = workbook_add_worksheet(b->workbook, "Danh sách thôn");
    b->persons = workbook_add_worksheet(b->workbook, "Người ứng cử");
    begin_sheet(b, b->villages,
                merge_print(m, "%s (mã %s): danh sách thôn, tổ dân phố", c->name, c->code),
                "Mã để trống là thôn mới. Số cử tri để trống khi chưa biết. Giờ ghi như 07:00. "
                "Không ghi số điện thoại.",
                village_heads, (lxw_col_t)(VILLAGE_PERSON_1 + b->n_persons));
    begin_sheet(b, b->persons, merge_print(m, "%s (mã %s): người ứng cử", c->name, c->code),
                "Tái cử, nữ, dân tộc thiểu số, đảng viên, bí thư: ghi có hoặc không. Tên ghi giống "
                "trang thứ nhất.",
                person_heads, N_PERSON);
    b->row = b->person_row = HEADER_ROW + 1;
}

// As many words of the name as its kind has.
static const char *kind_of(struct merge *m, const char *name, const char *bare)
{
    const char *kind = repair_kind(bare), *end = name;
    if (!kind)
        return "";
    for (const char *at = kind; at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL) {
        end += end != name;
        end += strcspn(end, " ");
    }
    return merge_print(m, "%.*s", (int)(end - name), name);
}

static void put(struct book *b, lxw_worksheet *s, lxw_col_t column, const char *text)
{
    if (text[0])
        worksheet_write_string(s, s == b->villages ? b->row : b->person_row, column, text, b->text);
}

// The first row of a table of the plan that names both; 0: none.
static unsigned row_of(const struct grid *g, const char *column, const char *text,
                       const char *column_2, const char *text_2)
{
    int one = grid_column(g, column), two = grid_column(g, column_2);
    for (unsigned i = 1; i < g->n_rows; i++)
        if (strcmp(grid_cell(g, i, one), text) == 0 && strcmp(grid_cell(g, i, two), text_2) == 0)
            return i;
    return 0;
}

static const char *cell(const struct grid *g, unsigned row, const char *column)
{
    return row > 0 ? grid_cell(g, row, grid_column(g, column)) : "";
}

// A candidate of the plan in the second sheet; yes and no in Vietnamese.
static void fill_person(struct merge *m, struct book *b, unsigned row)
{
    for (unsigned f = 0; f < FACTS && row > 0; f++) {
        const char *fact = cell(&m->candidates, row, merge_fact_column((enum fact)f));
        put(b, b->persons, (lxw_col_t)(PERSON_FACT_1 + f),
            strcmp(fact, "yes") == 0  ? "có"
            : strcmp(fact, "no") == 0 ? "không"
                                      : fact);
    }
    put(b, b->persons, PERSON_NAME, cell(&m->candidates, row, "name"));
}

static void fill_village(struct merge *m, struct book *b, const struct former *f,
                         const char *contest)
{
    unsigned row = row_of(&m->voters, "place", f->code, "contest", contest);
    put(b, b->villages, VILLAGE_VOTERS, cell(&m->voters, row, "voters"));
    put(b, b->villages, VILLAGE_METHOD, repair_method_name(cell(&m->voters, row, "method")));
    put(b, b->villages, VILLAGE_OPENS, cell(&m->units, f->row, "opens"));
    put(b, b->villages, VILLAGE_CLOSES, cell(&m->units, f->row, "closes"));
}

static void write_village(struct merge *m, struct book *b, const struct former *f)
{
    unsigned head = b->filled ? merge_head_contest(&m->contests, f->code) : 0;
    const char *contest = cell(&m->contests, head, "code");
    put(b, b->villages, VILLAGE_CODE, f->code);
    put(b, b->villages, VILLAGE_NAME, f->name);
    put(b, b->villages, VILLAGE_KIND, kind_of(m, f->name, f->bare));
    if (m->day > 0)
        put(b, b->villages, VILLAGE_DAY,
            merge_print(m, "%02d/%02d/%04d", m->day, m->month, m->year));
    if (head > 0)
        fill_village(m, b, f, contest);
    for (unsigned i = 1; i <= b->n_persons; i++, b->person_row++) {
        const char *number = merge_print(m, "%u", i);
        unsigned row = head > 0 ? row_of(&m->candidates, "contest", contest, "number", number) : 0;
        put(b, b->persons, PERSON_CODE, f->code);
        put(b, b->persons, PERSON_VILLAGE, f->name);
        put(b, b->persons, PERSON_NUMBER, number);
        put(b, b->villages, (lxw_col_t)(VILLAGE_PERSON_1 + i - 1),
            cell(&m->candidates, row, "name"));
        fill_person(m, b, row);
    }
    b->row++;
}

// What may be chosen; anything else may be typed all the same.
static void offer(lxw_worksheet *s, lxw_col_t column, lxw_row_t last, const char *const *words)
{
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST,
                             .error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION,
                             .value_list = (char **)(uintptr_t)words};
    worksheet_data_validation_range(s, HEADER_ROW + 1, column, last, column, &v);
}

static int by_order(const void *x, const void *y)
{
    const struct former *const *a = x, *const *b = y;
    return (*a)->row < (*b)->row ? -1 : (*a)->row > (*b)->row;
}

static void write_villages(struct merge *m, struct book *b, const struct commune *c)
{
    unsigned n = 0;
    for (int i = c->first_former; i != MERGE_NONE; i = m->formers[i].next)
        n += m->formers[i].now;
    const struct former **known = calloc(n + 1, sizeof known[0]);
    if (!known)
        abort();
    n = 0;
    for (int i = c->first_former; i != MERGE_NONE; i = m->formers[i].next)
        if (m->formers[i].now)
            known[n++] = &m->formers[i];
    qsort(known, n, sizeof known[0], by_order);
    for (unsigned i = 0; i < n; i++)
        write_village(m, b, known[i]);
    free(known);
}

static int write_book(struct merge *m, const struct commune *c, const char *path, bool filled)
{
    static const char *const kinds[] = {"thôn", "tổ dân phố", "bản", "làng", "ấp", "khu phố", NULL};
    static const char *const methods[] = {"bỏ phiếu kín",
                                          "biểu quyết giơ tay",
                                          "phát phiếu lấy ý kiến hộ gia đình",
                                          "trực tuyến",
                                          "kết hợp",
                                          NULL};
    static const char *const yes[] = {"có", "không", NULL};
    struct book b = {.filled = filled, .n_persons = PERSONS_SHOWN};
    for (unsigned i = 1; i < m->candidates.n_rows && filled; i++)
        if (strtoul(cell(&m->candidates, i, "number"), NULL, 10) > PERSONS_SHOWN)
            b.n_persons = MERGE_PERSONS_MAX;
    begin_book(m, &b, c, path);
    write_villages(m, &b, c);
    offer(b.villages, VILLAGE_KIND, b.row + SPARE_ROWS, kinds);
    offer(b.villages, VILLAGE_METHOD, b.row + SPARE_ROWS, methods);
    for (lxw_col_t i = PERSON_FACT_1; i < N_PERSON; i++)
        if (i < 8 || i == N_PERSON - 1)
            offer(b.persons, i, b.person_row + SPARE_ROWS, yes);
    return workbook_close(b.workbook) == LXW_NO_ERROR ? 0 : -EIO;
}

// "21480-Xa-Ba-Vi": letters and digits that every system keeps.
static const char *file_name(struct merge *m, const struct commune *c)
{
    char name[REPAIR_NAME_MAX];
    snprintf(name, sizeof name, "%s", c->bare);
    for (char *at = name; *at; at++) {
        bool first = at == name || at[-1] == '-';
        if (*at == ' ')
            *at = '-';
        else if (first && *at >= 'a' && *at <= 'z')
            *at = (char)(*at - ('a' - 'A'));
        else if (*at < 0)
            *at = '_';
    }
    return merge_print(m, "%s-%s.xlsx", c->code, name);
}

// Made beside its place, and put there only where nothing is yet.
static int write_sheet(struct merge *m, const struct commune *c, const char *dir, bool filled)
{
    const char *path = merge_print(m, "%s/%s", dir, file_name(m, c));
    const char *new = merge_print(m, "%s/.%s.new", dir, file_name(m, c));
    if (access(path, F_OK) == 0)
        return -EEXIST;
    int rc = write_book(m, c, new, filled);
    if (rc == 0 && link(new, path) < 0)
        rc = -errno;
    unlink(new);
    return rc;
}

static int write_sheets(const struct plan_sheet_call *call, struct merge *m)
{
    unsigned n_written = 0;
    int rc = mkdir(call->into, 0755) < 0 && errno != EEXIST ? -errno : 0;
    for (unsigned i = 0; i < m->n_communes && rc == 0; i++) {
        const char *name = file_name(m, &m->communes[i]);
        if (strchr(name, '/'))
            rc = -EINVAL;
        else
            rc = write_sheet(m, &m->communes[i], call->into, call->filled);
        n_written += rc == 0;
        if (rc == -EEXIST)
            fprintf(call->tell,
                    call->english ? "%s: is there already and is left as it is\n"
                                  : "%s: đã có, để nguyên\n",
                    name);
        else if (rc < 0)
            fprintf(call->tell, "%s: %s\n", name, strerror(-rc));
        rc = rc == -EEXIST ? 0 : rc;
    }
    if (rc < 0)
        fprintf(call->tell, "%s: %s\n", call->into, strerror(-rc));
    fprintf(call->tell, call->english ? "%s: %u of %u sheets written\n" : "%s: đã ghi %u/%u bảng\n",
            call->into, n_written, m->n_communes);
    return rc;
}

int plan_sheet(const struct plan_sheet_call *call)
{
    struct merge_options options = {0};
    struct merge *m;
    merge_open(&m, &options);
    int rc = merge_read_base(m, call->plan);
    if (rc == -EINVAL)
        merge_tell(m, call->english, call->tell);
    else if (rc < 0)
        fprintf(call->tell, "%s: %s\n", call->plan, strerror(-rc));
    else
        rc = write_sheets(call, m);
    merge_close(&m);
    return rc;
}
