// mergesays.c - the sentences about tables from below, in Vietnamese and English, and their list.
#include "mergeinside.h"
#include "common/base/text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE_MAX = 2048 };

static const struct {
    enum merge_weight weight;
    const char *vi, *en;
} sentences[MERGE_SAYS] = {
#define NOTE     WEIGHT_NOTE
#define PROPOSED WEIGHT_PROPOSED
#define FAULT    WEIGHT_FAULT
    [SAYS_NFC] = {NOTE, "tên \"{a}\" gõ bằng dấu rời (NFD), đã ghép lại thành dấu liền (NFC)",
                  "the name \"{a}\" was decomposed (NFD) and is composed now (NFC)"},
    [SAYS_BLANKS] = {NOTE, "tên \"{a}\" có khoảng trắng thừa hoặc xuống dòng, đọc là \"{b}\"",
                     "the name \"{a}\" has blanks or line breaks to spare, read as \"{b}\""},
    [SAYS_HIDDEN] = {NOTE, "tên \"{a}\" có ký tự không nhìn thấy, đã bỏ",
                     "invisible characters were taken out of the name \"{a}\""},
    [SAYS_TCVN3] = {PROPOSED, "\"{a}\" gõ bằng phông .VnTime (TCVN3); đề nghị đọc là \"{b}\"",
                    "\"{a}\" was typed for a .VnTime font (TCVN3); proposed: \"{b}\""},
    [SAYS_VNI] = {FAULT, "\"{a}\" gõ bằng phông VNI; đề nghị gõ lại bằng Unicode",
                  "\"{a}\" was typed for a VNI font; please type it again in Unicode"},
    [SAYS_UNREADABLE] = {FAULT,
                         "\"{a}\" không đọc được: đề nghị lưu lại tệp thành .xlsx hoặc CSV UTF-8",
                         "\"{a}\" cannot be read: save the file as .xlsx or CSV UTF-8"},
    [SAYS_LONG] = {FAULT, "tên \"{a}\" quá dài: đề nghị chỉ ghi tên",
                   "the name \"{a}\" is too long: write the name only"},
    [SAYS_NUMBER] = {NOTE, "số cử tri \"{a}\" đọc là {b}", "voters \"{a}\" is read as {b}"},
    [SAYS_NUMBER_PROPOSED] = {PROPOSED, "số cử tri \"{a}\" không rõ; đề nghị đọc là {b}",
                              "voters \"{a}\" is not clear; proposed: {b}"},
    [SAYS_NUMBER_PERCENT] =
        {PROPOSED, "số cử tri \"{a}\" là tỷ lệ, cần số người; đề nghị để trống (chưa biết)",
         "voters \"{a}\" is a percentage, people are counted; proposed: not known"},
    [SAYS_NUMBER_WRONG] = {PROPOSED,
                           "số cử tri \"{a}\" không phải là số; đề nghị để trống (chưa biết)",
                           "voters \"{a}\" is not a number; proposed: not known"},
    [SAYS_NUMBER_BIG] = {PROPOSED,
                         "số cử tri \"{a}\" quá lớn cho một thôn; đề nghị để trống (chưa biết)",
                         "voters \"{a}\" is too many for a village; proposed: not known"},
    [SAYS_NUMBER_ZERO] = {PROPOSED, "số cử tri \"{a}\" là không; đề nghị để trống (chưa biết)",
                          "voters \"{a}\" is nought; proposed: not known"},
    [SAYS_NUMBER_MISSING] = {NOTE, "{a}: chưa có số cử tri", "{a}: the voters are not known yet"},
    [SAYS_HOUR] = {NOTE, "giờ \"{a}\" đọc là {b}", "the hour \"{a}\" is read as {b}"},
    [SAYS_HOUR_PROPOSED] = {PROPOSED, "giờ \"{a}\" không rõ; đề nghị đọc là {b}",
                            "the hour \"{a}\" is not clear; proposed: {b}"},
    [SAYS_HOUR_WRONG] = {PROPOSED, "giờ \"{a}\" không đọc được (ghi như 07:00); đề nghị để trống",
                         "the hour \"{a}\" cannot be read (write as 07:00); proposed: none"},
    [SAYS_DAY_ALONE] = {NOTE, "ngày \"{a}\" không có giờ đi kèm nên chưa dùng đến",
                        "the day \"{a}\" has no hour beside it and is not used"},
    [SAYS_HOURS_TURNED] = {PROPOSED, "kết thúc {b} không sau khai mạc {a}; đề nghị để trống cả hai",
                           "closing {b} is not after opening {a}; proposed: neither"},
    [SAYS_METHOD] = {NOTE, "hình thức \"{a}\" đọc là {b}", "the form \"{a}\" is read as {b}"},
    [SAYS_METHOD_WRONG] =
        {PROPOSED,
         "hình thức \"{a}\" không rõ (bỏ phiếu kín, biểu quyết giơ tay, phát phiếu "
         "lấy ý kiến hộ gia đình, trực tuyến, kết hợp); đề nghị để trống",
         "the form \"{a}\" is not known (secret ballot, show of hands, household "
         "ballot, online, mixed); proposed: none"},
    [SAYS_YES_WRONG] = {PROPOSED, "{b} \"{a}\": cần có hoặc không; đề nghị để trống",
                        "{b} \"{a}\": yes or no is needed; proposed: none"},
    [SAYS_BIRTH] = {NOTE, "năm sinh \"{a}\" đọc là {b}", "year of birth \"{a}\" is read as {b}"},
    [SAYS_BIRTH_WRONG] = {PROPOSED, "năm sinh \"{a}\" không đọc được; đề nghị để trống",
                          "year of birth \"{a}\" cannot be read; proposed: none"},
    [SAYS_NAME_MADE] = {NOTE, "tên \"{a}\" với loại đã ghi đọc là \"{b}\"",
                        "the name \"{a}\" with its kind is read as \"{b}\""},
    [SAYS_ROW_PASSED] = {NOTE, "bỏ qua dòng \"{a}\"", "the row \"{a}\" is passed over"},
    [SAYS_ROW_BROKEN] = {FAULT,
                         "dòng này không đọc được: có dấu ngoặc kép không khép hoặc quá nhiều "
                         "cột; đề nghị sửa trong bảng tính rồi lưu lại",
                         "the row cannot be read: a quote is not closed or there are too many "
                         "columns; correct it in the spreadsheet"},
    [SAYS_COLUMN_UNUSED] = {NOTE, "cột \"{a}\" không dùng đến", "the column \"{a}\" is not used"},
    [SAYS_PHONES] = {NOTE, "cột \"{a}\" bỏ qua: số điện thoại không vào kế hoạch",
                     "the column \"{a}\" is passed over: phones are never in a plan"},
    [SAYS_NO_HEADER] = {FAULT,
                        "không thấy dòng tiêu đề có cột tên thôn và ít nhất một cột khác; đề "
                        "nghị dùng bảng mẫu",
                        "no header row with a column of village names and one more; use the sheet"},
    [SAYS_NO_ROWS] = {FAULT, "dưới dòng tiêu đề không có thôn nào", "no village below the header"},
    [SAYS_NO_NAME] = {FAULT, "dòng có số liệu nhưng không có tên thôn; đề nghị điền tên",
                      "a row with figures and no village: write its name"},
    [SAYS_PERSONS_MANY] = {FAULT, "{a}: quá nhiều người ứng cử (nhiều nhất {b})",
                           "{a}: too many candidates (at most {b})"},
    [SAYS_VILLAGES_MANY] = {FAULT, "xã có quá {a} thôn; đề nghị kiểm tra lại bảng",
                            "more than {a} villages in a commune: is it the right table?"},
    [SAYS_FILE_UNREADABLE] = {FAULT, "tệp không đọc được: {a}", "the file cannot be read: {a}"},
    [SAYS_UTF16] = {NOTE, "tệp là \"Unicode Text\" (UTF-16), đã đọc như vậy",
                    "the file is \"Unicode text\" (UTF-16) and was read as that"},
    [SAYS_NO_COMMUNE] = {FAULT,
                         "không biết tệp của xã nào; đề nghị ghi mã hoặc tên xã vào đầu tên tệp",
                         "of which commune is it? Begin the file's name with its code or name"},
    [SAYS_COMMUNE_TWO] = {FAULT,
                          "tên xã trong \"{a}\" khớp với nhiều xã; đề nghị ghi mã xã vào tên tệp",
                          "\"{a}\" may mean more than one commune: begin the file's name with its "
                          "code"},
    [SAYS_COMMUNE_UNLIKE] = {FAULT,
                             "tên tệp nói {a} nhưng trong bảng ghi {b}; đề nghị kiểm tra lại",
                             "the file's name says {a}, its table says {b}: which one is right?"},
    [SAYS_COMMUNE_ROW] = {FAULT, "xã \"{a}\" không có trong kế hoạch; đề nghị ghi mã xã",
                          "the commune \"{a}\" is not in the plan: write its code"},
    [SAYS_COMMUNE_CODE] = {NOTE, "mã xã \"{a}\" đọc là {b}",
                           "the commune's code \"{a}\" is read as {b}"},
    [SAYS_COMMUNE_AS] = {NOTE, "tên xã \"{a}\" hiểu là {b}",
                         "the commune \"{a}\" is taken for {b}"},
    [SAYS_COMMUNE_FILES] = {NOTE, "xã này còn có tệp {a}", "the commune has the file {a} too"},
    [SAYS_NO_FILE] = {NOTE, "chưa có tệp, chưa có thôn nào", "no file yet, no village"},
    [SAYS_NO_FILE_KEPT] = {NOTE, "chưa có tệp, giữ {a} thôn của kế hoạch trước",
                           "no file yet: the {a} villages of the former plan are kept"},
    [SAYS_CODE_READ] = {NOTE, "mã thôn \"{a}\" đọc là {b}", "the code \"{a}\" is read as {b}"},
    [SAYS_CODE_UNKNOWN] =
        {PROPOSED,
         "mã thôn \"{a}\" không có trong kế hoạch trước; đề nghị bỏ, chương trình "
         "cấp mã",
         "no former plan has the code \"{a}\"; proposed: a new one is given"},
    [SAYS_CODE_ELSEWHERE] = {FAULT,
                             "mã thôn {a} là của {b}; đề nghị xóa mã hoặc chuyển dòng về xã đó",
                             "the code {a} belongs to {b}: clear it, or move the row there"},
    [SAYS_CODE_NAME] = {FAULT,
                        "mã {a} là của \"{c}\" nhưng dòng ghi \"{b}\", cũng là tên một thôn "
                        "khác; đề nghị kiểm tra mã",
                        "the code {a} is that of \"{c}\", the row says \"{b}\", which is another "
                        "village's name: check the code"},
    [SAYS_TWICE_SAME] =
        {PROPOSED, "\"{a}\" ghi hai lần giống nhau (xem {b}); đề nghị bỏ dòng này",
         "\"{a}\" stands twice and says the same (see {b}); proposed: drop this row"},
    [SAYS_TWICE] = {FAULT, "\"{a}\" ghi hai lần khác nhau (xem {b}); đề nghị giữ một dòng đúng",
                    "\"{a}\" stands twice and differs (see {b}): keep the right row"},
    [SAYS_TWO_COMMUNES] = {FAULT, "\"{a}\" có cả trong tệp của {b}; đề nghị để ở một xã",
                           "\"{a}\" stands in the file of {b} too: keep it in one commune"},
    [SAYS_TWO_COMMUNES_BASE] =
        {PROPOSED,
         "\"{a}\" có cả trong tệp của {b}, kế hoạch trước để ở đó; đề nghị bỏ "
         "dòng này",
         "\"{a}\" stands in the file of {b} too, where the former plan has it; "
         "proposed: drop this row"},
    [SAYS_ALIKE] = {NOTE, "\"{a}\" và \"{b}\" chỉ khác dấu, coi là hai thôn",
                    "\"{a}\" and \"{b}\" differ in marks only and are taken for two villages"},
    [SAYS_NAME_WAS] = {NOTE, "mã {c}: kế hoạch trước ghi \"{a}\", nay ghi \"{b}\"",
                       "{c}: the former plan says \"{a}\", now it is \"{b}\""},
    [SAYS_NEW] = {NOTE, "\"{a}\" là thôn mới, mã {b}", "\"{a}\" is new and gets the code {b}"},
    [SAYS_GONE] = {NOTE, "\"{a}\" (mã {b}) không còn trong danh sách; mã không cấp lại",
                   "\"{a}\" ({b}) is not on the list any more; its code is not used again"},
    [SAYS_NO_CANDIDATE] = {FAULT,
                           "\"{a}\" chưa có người ứng cử nào; đề nghị điền ít nhất một người",
                           "\"{a}\" has no candidate yet: write at least one"},
    [SAYS_PERSON_TWICE] = {NOTE, "\"{a}\" có hai người ứng cử cùng tên \"{b}\"",
                           "two candidates of \"{a}\" are called \"{b}\""},
    [SAYS_PERSON_WHERE] = {FAULT,
                           "người ứng cử \"{a}\": không thấy thôn \"{b}\" trong danh sách thôn",
                           "candidate \"{a}\": the village \"{b}\" is not on the list"},
    [SAYS_PERSON_UNLIKE] =
        {FAULT,
         "người ứng cử \"{a}\" của \"{b}\" không có trong danh sách thôn; đề "
         "nghị ghi tên giống nhau ở hai trang",
         "candidate \"{a}\" of \"{b}\" is not on the list of villages: write the "
         "name alike on both sheets"},
    [SAYS_PERSON_NUMBER] =
        {FAULT, "số thứ tự \"{b}\" của người ứng cử \"{a}\" không phải số hoặc đã có",
         "number \"{b}\" of candidate \"{a}\" is no number, or another one has it"},
    [SAYS_NUMBER_OTHER] =
        {NOTE,
         "\"{a}\": số {b} trước là người khác ({c}); nếu kế hoạch trước đã nạp "
         "thì sẽ bị từ chối",
         "\"{a}\": number {b} was somebody else before ({c}); once the former plan "
         "is loaded, that is refused"},
    [SAYS_BASE] = {FAULT, "kế hoạch gốc không dùng được: {a}", "the base cannot be used: {a}"},
    [SAYS_NO_COMMUNES] = {FAULT, "kế hoạch gốc chưa có xã nào (cấp {a})",
                          "the base has no commune (level {a})"},
#undef NOTE
#undef PROPOSED
#undef FAULT
};

enum merge_weight merge_weight(enum merge_says what)
{
    return sentences[what].weight;
}

const char *merge_sentence(enum merge_says what, bool english)
{
    return english ? sentences[what].en : sentences[what].vi;
}

void merge_say(struct merge *m, const struct merge_at *at, enum merge_says what, const char *a,
               const char *b, const char *c)
{
    m->findings = merge_room(m->findings, m->n_findings, sizeof m->findings[0]);
    m->findings[m->n_findings] = (struct finding){.at = *at,
                                                  .what = what,
                                                  .a = merge_keep(m, a ? a : ""),
                                                  .b = merge_keep(m, b ? b : ""),
                                                  .c = merge_keep(m, c ? c : ""),
                                                  .order = m->n_findings};
    m->n_findings++;
}

bool merge_good(const struct merge *m)
{
    for (unsigned i = 0; i < m->n_findings; i++) {
        enum merge_weight w = merge_weight(m->findings[i].what);
        if (w == WEIGHT_FAULT || (w == WEIGHT_PROPOSED && !m->options.repair))
            return false;
    }
    return !m->unusable;
}

static int by_place(const void *x, const void *y)
{
    const struct finding *const *a = x, *const *b = y;
    const struct merge_at *p = &(*a)->at, *q = &(*b)->at;
    if (p->commune != q->commune)
        return p->commune < q->commune ? -1 : 1;
    int files = strcmp(p->file ? p->file : "", q->file ? q->file : "");
    if (files != 0)
        return files;
    if (p->sheet != q->sheet)
        return p->sheet < q->sheet ? -1 : 1;
    if (p->line != q->line)
        return p->line < q->line ? -1 : 1;
    return (*a)->order < (*b)->order ? -1 : 1;
}

static void tell_one(const struct merge *m, const struct finding *f, bool english, FILE *to)
{
    static const char *const weights_vi[] = {"ghi chú", "đề nghị sửa", "lỗi"};
    static const char *const weights_en[] = {"note", "proposed", "fault"};
    struct text_place places[] = {{"a", f->a}, {"b", f->b}, {"c", f->c}};
    char text[SENTENCE_MAX];
    enum merge_weight w = merge_weight(f->what);
    text_fill(text, sizeof text, merge_sentence(f->what, english), places, 3);
    for (char *at = text; *at; at++) // a break in a cell would look like another finding
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
    fprintf(to, "[%s] ", english ? weights_en[w] : weights_vi[w]);
    if (f->at.commune >= 0)
        fprintf(to, "%s", m->communes[f->at.commune].name);
    if (f->at.file)
        fprintf(to, "%s%s", f->at.commune >= 0 ? ", " : "", f->at.file);
    if (f->at.sheet > 0)
        fprintf(to, english ? ", sheet %u" : ", trang %u", f->at.sheet + 1);
    if (f->at.line > 0)
        fprintf(to, english ? ", row %u" : ", dòng %u", f->at.line);
    fprintf(to, "%s%s%s\n", f->at.commune >= 0 || f->at.file ? ": " : "", text,
            w != WEIGHT_PROPOSED || !m->options.repair ? ""
            : english                                  ? " (accepted)"
                                                       : " (đã nhận)");
}

void merge_tell(const struct merge *m, bool english, FILE *to)
{
    if (m->n_findings == 0)
        return;
    const struct finding **order = malloc(m->n_findings * sizeof order[0]);
    assert(order);
    for (unsigned i = 0; i < m->n_findings; i++)
        order[i] = &m->findings[i];
    qsort(order, m->n_findings, sizeof order[0], by_place);
    for (unsigned i = 0; i < m->n_findings; i++)
        tell_one(m, order[i], english, to);
    free(order);
}

struct merge_count merge_counted(const struct merge *m)
{
    struct merge_count n = {.communes = m->n_communes};
    for (unsigned i = 0; i < m->n_findings; i++) {
        enum merge_weight w = merge_weight(m->findings[i].what);
        n.notes += w == WEIGHT_NOTE;
        n.proposed += w == WEIGHT_PROPOSED;
        n.faults += w == WEIGHT_FAULT;
    }
    for (unsigned i = 0; i < m->n_communes; i++)
        n.with_table += m->communes[i].n_files > 0;
    for (unsigned i = 0; i < m->n_villages; i++)
        n.villages += !m->villages[i].dropped;
    return n;
}
