// test_planmerge.c - tables from communes, as offices send them, become villages with codes.
#include "common/office/mergeinside.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char election[] = "plan\n"
                               "    version = 1\n"
                               "    label = thu\n"
                               "    title = \"Thử\"\n"
                               "    day = 2026-01-18\n"
                               "levels\n"
                               "    1\n"
                               "        name = tỉnh\n"
                               "        english = province\n"
                               "    2\n"
                               "        name = xã\n"
                               "        english = commune\n"
                               "    3\n"
                               "        name = thôn\n"
                               "        english = village\n";
static const char units[] = "\xef\xbb\xbf"
                            "code,parent_code,level,name,place\n"
                            "05,,1,Tỉnh Thử,\n"
                            "05121,05,2,Xã Ba Vì,\n"
                            "05122,05,2,Xã Hòa Bình,\n"
                            "05123,05,xã,Xã Ba Tơ,\n"
                            "05121-01,05121,3,Thôn Gò Vành,yes\n"
                            "05121-02,05121,3,Thôn Mang Đen,yes\n";
static const char contests[] = "code,name,kind,unit_code,profile,seats\n"
                               "05121-01-TT,Trưởng thôn Gò Vành,head,05121-01,nd59-2023,1\n"
                               "05121-02-TT,Trưởng thôn Mang Đen,head,05121-02,nd59-2023,1\n";
static const char candidates[] = "contest,number,key,name\n"
                                 "05121-01-TT,1,k1,Nguyễn Văn A\n"
                                 "05121-02-TT,1,k2,Lê C\n";
static const char voters[] = "place,contest,voters\n05121-01,05121-01-TT,100\n"
                             "05121-02,05121-02-TT,200\n";

struct world {
    struct merge *m;
    char *told;
    char *files[MERGE_FILES];
};

static void begin(struct world *w, bool repair, const char *unit_rows, const char *codes)
{
    struct merge_options options = {.repair = repair};
    *w = (struct world){0};
    merge_open(&w->m, &options);
    struct merge_texts base = {bytes_text(election),   bytes_text(unit_rows), bytes_text(contests),
                               bytes_text(candidates), bytes_text(voters),    bytes_text(codes)};
    merge_base(w->m, &base);
}

static void begin_plain(struct world *w)
{
    begin(w, false, units, "");
}

static void take(struct world *w, const char *file, const char *text)
{
    merge_table(w->m, file, 0, bytes_text(text), false);
}

static void finish(struct world *w)
{
    size_t n;
    merge_end(w->m);
    FILE *to = open_memstream(&w->told, &n);
    merge_tell(w->m, false, to);
    fclose(to);
    for (int i = 0; i < MERGE_FILES && !w->m->unusable; i++) {
        to = open_memstream(&w->files[i], &n);
        merge_write(w->m, (enum merge_file)i, to);
        fclose(to);
    }
}

static void finished(struct world *w)
{
    for (int i = 0; i < MERGE_FILES; i++)
        free(w->files[i]);
    free(w->told);
    merge_close(&w->m);
}

static void says(const struct world *w, const char *line)
{
    if (!strstr(w->told, line))
        fail_msg("it does not say: %s\n%s", line, w->told);
}

static void silent(const struct world *w, const char *line)
{
    if (strstr(w->told, line))
        fail_msg("it says: %s\n%s", line, w->told);
}

static void has(const struct world *w, enum merge_file file, const char *line)
{
    if (!strstr(w->files[file], line))
        fail_msg("%s lacks: %s\n%s\n%s", merge_file_name(file), line, w->files[file], w->told);
}

static void lacks(const struct world *w, enum merge_file file, const char *line)
{
    if (strstr(w->files[file], line))
        fail_msg("%s has: %s\n%s", merge_file_name(file), line, w->files[file]);
}

// A table with semicolons, titles above and notes below, its columns in any order, is read by words.
static void test_shape(void **state)
{
    struct world w;
    (void)state;
    begin_plain(&w);
    take(&w, "Ba-Vi.csv",
         "\xef\xbb\xbf"
         "UBND HUYỆN BA TƠ;;;;;\r\nDANH SÁCH THÔN XÃ BA VÌ, NĂM 2026;;;;;\r\n;;;;;\r\n"
         "STT;Số cử tri;TÊN THÔN;Người ứng cử;;SĐT tổ trưởng\r\n(1);(2);(3);(4);(5);(6)\r\n"
         "1;412;Thôn Gò Vành;Nguyễn Văn A;Trần Thị B;0912345678\r\n2;98;Thôn Mang Đen;Lê C;;\r\n"
         "Tổng cộng;510;;;;\r\n\r\nGhi chú: số tạm;;;;;\r\n;;Nguyễn Văn Z;;;\r\n");
    finish(&w);
    assert_true(merge_good(w.m));
    has(&w, MERGE_VOTERS, "05121-01,05121-01-TT,412\n");
    has(&w, MERGE_VOTERS, "05121-02,05121-02-TT,98\n");
    has(&w, MERGE_CANDIDATES, "05121-01-TT,2,,Trần Thị B\n");
    says(&w, "Xã Ba Vì, Ba-Vi.csv, dòng 8: bỏ qua dòng \"Tổng cộng\"");
    says(&w, "dòng 10: bỏ qua dòng \"Ghi chú: số tạm\"");
    says(&w, "dòng 11: bỏ qua dòng \"Nguyễn Văn Z\"");
    says(&w, "cột \"SĐT tổ trưởng\" bỏ qua: số điện thoại không vào kế hoạch");
    for (int i = 0; i < MERGE_FILES; i++)
        lacks(&w, (enum merge_file)i, "0912345678");
    finished(&w);
}

// Merged cells leave a header of two rows, and candidates below the row of their village.
static void test_merged_cells(void **state)
{
    struct world w;
    (void)state;
    begin_plain(&w);
    take(&w, "Ba-Vi.csv",
         "TT,Tên thôn,Số cử tri,Thời gian,,Người ứng cử,,\n,,,Khai mạc,Kết thúc,1,2,Ghi chú\n"
         "1,Thôn Gò Vành,10,07:00,17:00,A B,C D,\n2,Thôn Mang Đen,11,,,,E F,\n");
    take(&w, "Ba-To.csv",
         "Tên thôn,Số cử tri,Người ứng cử\nThôn 1,5,A B\n,,C D\nThôn 2,6,E F\n\n"
         ",,Ông Nào Đó\n");
    finish(&w);
    has(&w, MERGE_UNITS, "05121-01,05121,3,Thôn Gò Vành,yes,07:00,17:00\n");
    has(&w, MERGE_CANDIDATES, "05121-01-TT,2,,C D\n");
    has(&w, MERGE_CANDIDATES, "05123-01-TT,2,,C D\n");
    has(&w, MERGE_CANDIDATES, "05123-02-TT,1,,E F\n");
    says(&w, "[lỗi] Xã Ba Tơ, Ba-To.csv, dòng 6: dòng có số liệu nhưng không có tên thôn");
    lacks(&w, MERGE_CANDIDATES, "Ông Nào Đó");
    finished(&w);
}

// Rows pasted from a table have tabs, and a table may name the commune of each row.
static void test_tabs(void **state)
{
    struct world w;
    (void)state;
    begin_plain(&w);
    take(&w, "dan.txt",
         "Xã\tThôn\tCử tri\tNgười ứng cử\nBa Vì\tThôn Gò Vành\t10\tA B; C D\n\tThôn Mang "
         "Đen\t20\t1. E "
         "F, 2. G H\nXã Hoà Bình\tThôn 1\t30\tI K\n");
    finish(&w);
    assert_true(merge_good(w.m));
    has(&w, MERGE_VOTERS, "05121-02,05121-02-TT,20\n");
    has(&w, MERGE_VOTERS, "05122-01,05122-01-TT,30\n");
    has(&w, MERGE_CANDIDATES, "05121-02-TT,2,,G H\n");
    finished(&w);
}

// A commune is known by its code, also without its zeros or with a blank in it, and by its name.
static void test_communes(void **state)
{
    static const struct {
        const char *file, *title, *code;
    } cases[] = {
        {"5121.csv", "Danh sách", "05121"},      {"51 21 bieu.csv", "Danh sách", "05121"},
        {"05122-x.csv", "Danh sách", "05122"},   {"xa-hoa-binh.csv", "Danh sách", "05122"},
        {"bieu1.csv", "Xã Hoà Bình", "05122"},   {"bieu1.csv", "Huyện Ba Tơ. Xã Ba Vì", "05121"},
        {"Ba_To (2).csv", "Danh sách", "05123"}, {"bieu.csv", "XÃ BA TƠ", "05123"},
    };
    char text[200];
    struct world w;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin_plain(&w);
        snprintf(text, sizeof text, "%s;;\nTên thôn;Cử tri;Người ứng cử 1\nThôn Q;9;A\n",
                 cases[i].title);
        take(&w, cases[i].file, text);
        finish(&w);
        assert_int_equal(w.m->n_villages, 1);
        assert_string_equal(w.m->communes[w.m->villages[0].commune].code, cases[i].code);
        if (i == 0)
            says(&w, "Xã Ba Vì, 5121.csv: mã xã \"5121\" đọc là 05121");
        finished(&w);
    }
}

// Which commune a table is of is never guessed: unknown, doubtful and contradicting ones are faults.
static void test_commune_faults(void **state)
{
    static const char table[] = "Tên thôn;Cử tri;Người ứng cử 1\nThôn Q;9;A\n";
    struct world w;
    (void)state;
    begin(&w, true,
          "code,parent_code,level,name\n1,,1,T\n11,1,2,Xã Hoà An\n12,1,2,Xã Hóa An\n13,1,2,Xã Ba\n",
          "");
    take(&w, "bieu.csv", table);
    take(&w, "hoa an.csv", table);
    take(&w, "Xã Hòa An.csv", table);
    take(&w, "12.csv", "Xã Ba;;\nTên thôn;Cử tri;Người ứng cử 1\nThôn Q;9;A\n");
    take(&w, "Ba.csv", "Ghi gì đó\n");
    finish(&w);
    assert_false(merge_good(w.m));
    says(&w, "[lỗi] bieu.csv: không biết tệp của xã nào");
    says(&w, "[lỗi] hoa an.csv: tên xã trong \"hoa an.csv\" khớp với nhiều xã");
    says(&w, "[lỗi] Xã Hóa An, 12.csv: tên tệp nói Xã Hóa An nhưng trong bảng ghi Xã Ba");
    says(&w, "[lỗi] Xã Ba, Ba.csv: không thấy dòng tiêu đề");
    assert_int_equal(w.m->n_villages, 1);
    assert_int_equal(w.m->villages[0].commune, 0);
    finished(&w);
}

// Figures with one meaning are noted, doubtful ones block until their repair is accepted.
static void test_figures(void **state)
{
    static const char table[] = "Tên thôn;Cử tri;Người ứng cử 1\nThôn 1;3.452;A\nThôn 2;3452.0;A\n"
                                "Thôn 3;98%;A\nThôn 4;;A\nThôn 5;khoảng 300;A\nThôn 6;3 452;A\n";
    struct world w;
    (void)state;
    begin_plain(&w);
    take(&w, "Ba-To.csv", table);
    finish(&w);
    assert_false(merge_good(w.m));
    says(&w, "[ghi chú] Xã Ba Tơ, Ba-To.csv, dòng 2: số cử tri \"3.452\" đọc là 3452");
    says(&w, "dòng 3: số cử tri \"3452.0\" đọc là 3452");
    says(&w, "[đề nghị sửa] Xã Ba Tơ, Ba-To.csv, dòng 4: số cử tri \"98%\" là tỷ lệ");
    says(&w, "[ghi chú] Xã Ba Tơ, Ba-To.csv, dòng 5: Thôn 4: chưa có số cử tri");
    says(&w, "dòng 6: số cử tri \"khoảng 300\" không phải là số");
    finished(&w);
    begin(&w, true, units, "");
    take(&w, "Ba-To.csv", table);
    finish(&w);
    assert_true(merge_good(w.m));
    says(&w, "(đã nhận)");
    has(&w, MERGE_VOTERS, "05123-01,05123-01-TT,3452\n");
    has(&w, MERGE_VOTERS, "05123-03,05123-03-TT,\n");
    has(&w, MERGE_VOTERS, "05123-06,05123-06-TT,3452\n");
    finished(&w);
}

// A decomposed name is composed and said so; one of .VnTime is proposed; one of VNI is only named.
static void test_encodings(void **state)
{
    struct world w;
    (void)state;
    begin_plain(&w);
    take(&w, "Ba-Vi.csv", "Tên thôn,Cử tri,Người ứng cử 1\nTho\xcc\x82n Ha\xcc\xa3,9,A B\n");
    take(&w, "Ba-To.csv",
         "T\xaan th\xabn,S\xe8 c\xf6 tri,Ng\xad\xeai \xf8ng c\xf6 1\nTh\xabn \xa7\xe5ng,210,L\xaa "
         "A\n");
    take(&w, "Hoa-Binh.csv", "Tên thôn,Cử tri,Người ứng cử 1\nThoân Haï,9,A B\n");
    take(&w, "bieu.csv",
         "X\xb7 Ba V\xd7,,\nT\xaan th\xabn,H\xd7nh th\xf8"
         "c,Ng\xad\xeai \xf8ng c\xf6 1\nTh\xabn "
         "X,bi\xd3u quy\xd5t gi\xac tay,A\n");
    finish(&w);
    has(&w, MERGE_VOTERS, "05121-04,05121-04-TT,,show_of_hands\n");
    assert_false(merge_good(w.m));
    says(&w, "Xã Ba Vì, Ba-Vi.csv, dòng 2: tên \"Thôn Hạ\" gõ bằng dấu rời (NFD)");
    says(&w,
         "[đề nghị sửa] Xã Ba Tơ, Ba-To.csv, dòng 2: \"Th«n §ång\" gõ bằng phông .VnTime (TCVN3); "
         "đề nghị đọc là \"Thôn Đồng\"");
    says(&w, "[lỗi] Xã Hòa Bình, Hoa-Binh.csv, dòng 2: \"Thoân Haï\" gõ bằng phông VNI");
    finished(&w);
}

// One village on two rows blocks; where both say the same, the proposal is to drop one.
static void test_twice(void **state)
{
    struct world w;
    (void)state;
    begin(&w, true, units, "");
    take(&w, "Ba-Vi.csv",
         "Tên thôn,Cử tri,Người ứng cử 1\nThôn Hoà,9,A\nThôn Hòa,9,A\nThôn Hóa,7,B\n");
    take(&w, "Ba-To.csv", "Tên thôn,Cử tri,Người ứng cử 1\nThôn 5,9,A\nThôn 05,8,A\n");
    finish(&w);
    assert_false(merge_good(w.m));
    says(&w, "[đề nghị sửa] Xã Ba Vì, Ba-Vi.csv, dòng 3: \"Thôn Hòa\" ghi hai lần giống nhau (xem "
             "Ba-Vi.csv:2)");
    says(&w, "dòng 4: \"Thôn Hoà\" và \"Thôn Hóa\" chỉ khác dấu, coi là hai thôn");
    says(&w, "[lỗi] Xã Ba Tơ, Ba-To.csv, dòng 3: \"Thôn 05\" ghi hai lần khác nhau");
    has(&w, MERGE_UNITS, "Thôn Hoà");
    has(&w, MERGE_UNITS, "Thôn Hóa");
    lacks(&w, MERGE_UNITS, "Thôn Hòa");
    finished(&w);
}

// A village in the files of two communes is told; "Thôn 1" is in each of them rightly.
static void test_two_communes(void **state)
{
    struct world w;
    (void)state;
    begin(&w, true, units, "");
    take(&w, "Ba-Vi.csv",
         "Tên thôn,Cử tri,Người ứng cử 1\nThôn Mang Đen,9,A\nThôn 1,5,B\nLàng Rêu,4,C\n");
    take(&w, "Ba-To.csv",
         "Mã,Tên thôn,Cử tri,Người ứng cử 1\n,Thôn Mang Đen,9,A\n,Thôn 1,5,B\n,Làng "
         "Rêu,6,C\n05121-01,Gò Vành,6,D\n");
    finish(&w);
    assert_false(merge_good(w.m));
    says(&w,
         "[đề nghị sửa] Xã Ba Tơ, Ba-To.csv, dòng 2: \"Thôn Mang Đen\" có cả trong tệp của Xã Ba "
         "Vì, kế hoạch trước để ở đó");
    says(&w, "[lỗi] Xã Ba Tơ, Ba-To.csv, dòng 4: \"Làng Rêu\" có cả trong tệp của Xã Ba Vì");
    says(&w, "[lỗi] Xã Ba Tơ, Ba-To.csv, dòng 5: mã thôn 05121-01 là của Xã Ba Vì");
    silent(&w, "\"Thôn 1\" có cả");
    finished(&w);
}

// Codes stay with their villages, also under another writing; one that is gone keeps its number.
static void test_codes(void **state)
{
    struct world w;
    char *codes;
    (void)state;
    begin(&w, false, units, "commune,code,name\n05121,05121-07,Thôn Cũ\n05199,05199-01,Thôn Xa\n");
    take(&w, "Ba-Vi.csv",
         "Mã thôn,Tên thôn,Cử tri,Người ứng cử 1\n5121-01,Thôn Gò Vành,1,Nguyễn Văn A\n,Thôn "
         "Mới,2,B\n");
    finish(&w);
    assert_true(merge_good(w.m));
    says(&w, "mã thôn \"5121-01\" đọc là 05121-01");
    says(&w, "\"Thôn Mới\" là thôn mới, mã 05121-08");
    says(&w, "Xã Ba Vì: \"Thôn Mang Đen\" (mã 05121-02) không còn trong danh sách");
    has(&w, MERGE_CODES, "05121,05121-02,Thôn Mang Đen\n");
    has(&w, MERGE_CODES, "05121,05121-07,Thôn Cũ\n");
    has(&w, MERGE_CODES, "05121,05121-08,Thôn Mới\n");
    has(&w, MERGE_CODES, "05199,05199-01,Thôn Xa\n"); // of a commune that is not there any more
    lacks(&w, MERGE_UNITS, "Mang Đen");
    lacks(&w, MERGE_CONTESTS, "05121-02");
    codes = strdup(w.files[MERGE_CODES]);
    finished(&w);

    begin(&w, false, units, codes);
    take(&w, "Ba-Vi.csv",
         "Tên thôn,Cử tri,Người ứng cử 1\nThôn Khác,1,A\nthôn mới,2,B\nMANG DEN,3,C\n");
    finish(&w);
    assert_true(merge_good(w.m));
    has(&w, MERGE_UNITS, "05121-08,05121,3,thôn mới,");
    has(&w, MERGE_UNITS, "05121-02,05121,3,MANG DEN,yes");
    has(&w, MERGE_UNITS, "05121-09,05121,3,Thôn Khác,");
    says(&w, "mã 05121-02: kế hoạch trước ghi \"Thôn Mang Đen\", nay ghi \"MANG DEN\"");
    finished(&w);
    free(codes);
}

// A code beside the name of another village is a fault, not a new name for the first.
static void test_code_name(void **state)
{
    struct world w;
    (void)state;
    begin(&w, true, units, "");
    take(&w, "Ba-Vi.csv",
         "Mã thôn,Tên thôn,Cử tri,Người ứng cử 1\n05121-01,Thôn Mang Đen,1,A\n"
         "X9,Thôn Gò Vành,2,B\n05121-02,Thôn Đổi Tên,2,B\n");
    finish(&w);
    assert_false(merge_good(w.m));
    says(&w,
         "[lỗi] Xã Ba Vì, Ba-Vi.csv, dòng 2: mã 05121-01 là của \"Thôn Gò Vành\" nhưng dòng ghi "
         "\"Thôn Mang Đen\"");
    says(&w, "[đề nghị sửa] Xã Ba Vì, Ba-Vi.csv, dòng 3: mã thôn \"X9\" không có");
    says(&w, "mã 05121-02: kế hoạch trước ghi \"Thôn Mang Đen\", nay ghi \"Thôn Đổi Tên\"");
    finished(&w);
}

// What the base says of its own stays: profile and key of a contest, and communes without a file.
static void test_base_stays(void **state)
{
    struct world w;
    (void)state;
    begin_plain(&w);
    take(&w, "Ba-To.csv",
         "Tên thôn,Loại,Cử tri,Hình thức,Người ứng cử 1\n3,Tổ dân phố,1,giơ tay,A\n");
    finish(&w);
    assert_true(merge_good(w.m));
    says(&w, "Xã Ba Vì: chưa có tệp, giữ 2 thôn của kế hoạch trước");
    says(&w, "Xã Hòa Bình: chưa có tệp, chưa có thôn nào");
    says(&w, "tên \"3\" với loại đã ghi đọc là \"Tổ dân phố 3\"");
    has(&w, MERGE_UNITS, "05121-02,05121,3,Thôn Mang Đen,yes,,\n");
    has(&w, MERGE_CANDIDATES, "05121-02-TT,1,k2,Lê C\n");
    has(&w, MERGE_CONTESTS, "05123-01-TT,Tổ trưởng tổ dân phố 3,head,05123-01,nd59-2023,1\n");
    has(&w, MERGE_VOTERS, "05121-02,05121-02-TT,200,\n");
    has(&w, MERGE_VOTERS, "05123-01,05123-01-TT,1,show_of_hands\n");
    finished(&w);
}

// A number on the ballot that was somebody else's before is noted, the same person keeps the key.
static void test_numbers(void **state)
{
    struct world w;
    (void)state;
    begin_plain(&w);
    take(&w, "Ba-Vi.csv",
         "Tên thôn,Cử tri,Người ứng cử 1,Người ứng cử 2\nThôn Gò Vành,1,Ai Khác,Nguyễn "
         "Văn A\nThôn Mang Đen,1,,\n");
    finish(&w);
    says(&w, "\"Thôn Gò Vành\": số 1 trước là người khác (Nguyễn Văn A)");
    says(&w, "[lỗi] Xã Ba Vì, Ba-Vi.csv, dòng 3: \"Thôn Mang Đen\" chưa có người ứng cử nào");
    has(&w, MERGE_CANDIDATES, "05121-01-TT,2,k1,Nguyễn Văn A\n");
    finished(&w);
}

// A commune of more villages than any has is a wrong table: one fault, and the rest is not read.
static void test_too_many(void **state)
{
    static char text[MERGE_VILLAGES_MAX * 20 + 200];
    struct world w;
    (void)state;
    for (unsigned more = 0; more < 2; more++) {
        size_t n = (size_t)snprintf(text, sizeof text, "Tên thôn,Cử tri,Người ứng cử 1\n");
        for (unsigned i = 1; i <= MERGE_VILLAGES_MAX + 3 * more; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "Thôn %u,1,A\n", i);
        begin_plain(&w);
        take(&w, "Ba-To.csv", text);
        finish(&w);
        assert_int_equal(w.m->n_villages, MERGE_VILLAGES_MAX);
        assert_int_equal(merge_good(w.m), more == 0);
        if (more)
            says(&w, "[lỗi] Xã Ba Tơ, Ba-To.csv, dòng 1001: xã có quá 999 thôn");
        has(&w, MERGE_UNITS, "05123-999,05123,3,Thôn 999,");
        finished(&w);
    }
}

// Hours as a spreadsheet keeps them are read and said; another day stays with its hour.
static void test_hours(void **state)
{
    struct world w;
    (void)state;
    begin(&w, true, units, "");
    take(&w, "Ba-Vi.csv",
         "Tên thôn;Ngày bầu;Giờ bắt đầu;Giờ kết thúc;Người ứng cử 1\n"
         "Thôn Gò Vành;46040;0.2916666666666667;19:00;A\nThôn Mang Đen;17/01/2026;19h30;;A\n"
         "Thôn 3;;7h00 - 17h00;;A\nThôn 4;;17:00;7:00;A\nThôn 5;;sáng sớm;;A\n");
    finish(&w);
    assert_true(merge_good(w.m));
    has(&w, MERGE_UNITS, "Thôn Gò Vành,yes,07:00,19:00\n");
    has(&w, MERGE_UNITS, "Thôn Mang Đen,yes,2026-01-17 19:30,\n");
    has(&w, MERGE_UNITS, "Thôn 3,,07:00,17:00\n");
    says(&w, "dòng 2: giờ \"0.2916666666666667\" đọc là 07:00");
    says(&w, "dòng 5: kết thúc 07:00 không sau khai mạc 17:00");
    says(&w, "dòng 6: giờ \"sáng sớm\" không đọc được");
    finished(&w);
}

// Facts about candidates come from a table of their own, whichever file is read first.
static void test_people(void **state)
{
    static const char people[] =
        "Tên thôn;Số thứ tự;Họ và tên người ứng cử;Giới tính;Dân tộc;Đảng viên;Năm sinh;Trình độ\n"
        "Thôn Gò Vành;1;Nguyễn Văn A;Nam;Hrê;x;1980;12/12\n;2;Trần Thị "
        "B;Nữ;Kinh;không;31/12/1975;\n"
        ";3;;;;;;\nThôn Mang Đen;1;Lê C;có lẽ;;;;\nThôn Lạ;1;Ai;;;;;\nGò Vành;1;Không Ghi;;;;;\n";
    struct world w;
    (void)state;
    begin_plain(&w);
    take(&w, "Ba-Vi-a.csv", people);
    take(&w, "Ba-Vi-b.csv",
         "Tên thôn,Cử tri,Người ứng cử 1,Người ứng cử 2\nThôn Gò Vành,1,Nguyễn Văn "
         "A,Trần Thị B\nThôn Mang Đen,1,,\n");
    finish(&w);
    has(&w, MERGE_CANDIDATES,
        "contest,number,key,name,re_elected,woman,minority,party,birth_year,"
        "schooling,theory,secretary\n");
    has(&w, MERGE_CANDIDATES, "05121-01-TT,1,k1,Nguyễn Văn A,,no,yes,yes,1980,12/12,,\n");
    has(&w, MERGE_CANDIDATES, "05121-01-TT,2,,Trần Thị B,,yes,no,no,1975,,,\n");
    has(&w, MERGE_CANDIDATES, "05121-02-TT,1,k2,Lê C,,,,,,,,\n");
    says(&w, "[ghi chú] Xã Ba Vì, Ba-Vi-a.csv, dòng 3: năm sinh \"31/12/1975\" đọc là 1975");
    says(&w, "[đề nghị sửa] Xã Ba Vì, Ba-Vi-a.csv, dòng 5: Giới tính \"có lẽ\": cần có hoặc không");
    says(&w,
         "[lỗi] Xã Ba Vì, Ba-Vi-a.csv, dòng 6: người ứng cử \"Ai\": không thấy thôn \"Thôn Lạ\"");
    says(&w,
         "[lỗi] Xã Ba Vì, Ba-Vi-a.csv, dòng 7: người ứng cử \"Không Ghi\" của \"Thôn Gò Vành\"");
    finished(&w);
}

// A base without communes, levels or readable units is told and nothing else is.
static void test_base_faults(void **state)
{
    struct world w;
    (void)state;
    begin(&w, true, "code,parent_code,level,name\n1,,1,T\n", "");
    take(&w, "Ba-Vi.csv", "Tên thôn,Cử tri\nThôn 1,2\n");
    finish(&w);
    says(&w, "[lỗi] kế hoạch gốc chưa có xã nào (cấp 2)");
    assert_false(merge_good(w.m));
    finished(&w);
    begin(&w, true, "code,parent_code,level,name\n1,,huyện,T\n", "");
    finish(&w);
    says(&w, "[lỗi] kế hoạch gốc không dùng được: units.csv, dòng 2: level \"huyện\"");
    finished(&w);
}

// Every sentence is there in both languages and has the same places to fill.
static void test_sentences(void **state)
{
    static const char *const places[] = {"{a}", "{b}", "{c}"};
    (void)state;
    for (int i = 0; i < MERGE_SAYS; i++) {
        const char *vi = merge_sentence((enum merge_says)i, false),
                   *en = merge_sentence((enum merge_says)i, true);
        assert_non_null(vi);
        assert_non_null(en);
        for (size_t k = 0; k < 3; k++)
            assert_int_equal(strstr(vi, places[k]) != NULL, strstr(en, places[k]) != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape),          cmocka_unit_test(test_tabs),
        cmocka_unit_test(test_merged_cells),   cmocka_unit_test(test_communes),
        cmocka_unit_test(test_commune_faults), cmocka_unit_test(test_figures),
        cmocka_unit_test(test_encodings),      cmocka_unit_test(test_twice),
        cmocka_unit_test(test_two_communes),   cmocka_unit_test(test_codes),
        cmocka_unit_test(test_code_name),      cmocka_unit_test(test_base_stays),
        cmocka_unit_test(test_numbers),        cmocka_unit_test(test_hours),
        cmocka_unit_test(test_too_many),       cmocka_unit_test(test_people),
        cmocka_unit_test(test_base_faults),    cmocka_unit_test(test_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
