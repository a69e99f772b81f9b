// plannew.c - the small plan folder that `plan new` writes to begin with.
#include "planfolder.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The spreadsheets begin with a BOM, or Excel reads them as something else than UTF-8.
#define BOM "\xef\xbb\xbf"

static const struct {
    const char *name, *text;
} files[] = {
    {"election.zpl",
     "# The election: what it is called, its levels and its cut-offs. Four blanks for each level.\n"
     "plan\n"
     "    version = 1                # one more for each change\n"
     "    label = vi-du\n"
     "    title = \"Ví dụ: bầu trưởng thôn\"\n"
     "    day = 2030-01-06           # of times that are written without a date\n"
     "levels                         # from the top down; the last one is where people vote\n"
     "    1\n"
     "        name = tỉnh\n"
     "        english = province\n"
     "    2\n"
     "        name = xã\n"
     "        english = commune\n"
     "    3\n"
     "        name = thôn\n"
     "        english = village\n"
     "cutoffs                        # when turnout is due, clock in Vietnam\n"
     "    1\n"
     "        name = \"9 giờ\"\n"
     "        at = 2030-01-06 09:00\n"
     "        grace = 15             # minutes; or seconds, as in: 30 s\n"
     "    2\n"
     "        name = \"11 giờ\"\n"
     "        at = 2030-01-06 11:00\n"
     "        grace = 15\n"
     "# targets                      # of those elected, in percent: new, re_elected, women, "
     "minority,\n"
     "#     1                        # party, age_65, schooling, theory, secretary\n"
     "#         what = women\n"
     "#         percent = 30\n"
     "# categories                   # of incidents, where the usual nine are not enough\n"
     "#     1\n"
     "#         name = \"thời tiết\"\n"
     "#         english = weather\n"},
    {"units.csv",
     BOM "code,parent_code,level,name,group,former_parent,moved_in,place,opens,closes,successor_of,"
         "cutoffs\n"
         "99,,1,Tỉnh Ví Dụ,,,,,,,,\n"
         "99001,99,2,Xã Một,,,,,,,,\n"
         "9900101,99001,3,Thôn Một,,,,yes,07:00,17:00,,\n"
         "9900102,99001,3,Thôn Hai,,,,yes,07:00,17:00,,\n"},
    {"contests.csv", BOM "code,name,kind,unit_code,profile,seats,repeats,paper,person\n"
                         "9900101-TT,Trưởng thôn Một,head,9900101,nqlt09-2008,1,,,\n"
                         "9900102-TT,Trưởng thôn Hai,head,9900102,nqlt09-2008,1,,,\n"},
    {"candidates.csv", BOM "contest,number,key,name,re_elected,woman,minority,party,birth_year,"
                           "schooling,theory,secretary\n"
                           "9900101-TT,1,,Nguyễn Văn A,,,,,,,,\n"
                           "9900101-TT,2,,Trần Thị B,,,,,,,,\n"
                           "9900102-TT,1,,Lê Văn C,,,,,,,,\n"
                           "9900102-TT,2,,Phạm Thị D,,,,,,,,\n"},
    {"voters.csv", BOM "place,contest,voters,method\n"
                       "9900101,9900101-TT,182,\n"
                       "9900102,9900102-TT,,\n"},
    {"holidays.csv", BOM "date,name,until,works\n"
                         "2030-01-01,Tết Dương lịch,,\n"
                         "2030-02-01,Tết Nguyên đán,2030-02-08,\n"},
    {"profiles.zpl",
     "# Rules besides plurality, nqlt09-2008, nd59-2023, confidence-96-qdtw, party-cell-244 and\n"
     "# party-cell-190, or other values for these. All that a profile can say:\n"
     "# mine\n"
     "#     like = nd59-2023           # stands first: begins as that one\n"
     "#     electorate = household_reps # or all_voters, members\n"
     "#     method = secret_ballot     # or show_of_hands, household_ballot, online, mixed\n"
     "#     decides = node             # who recognises: node (the commune), parent, superior\n"
     "#     rule = majority            # or plurality: who has most; confidence: levels\n"
     "#     quorum = 1/2               # more than half must come; \"1/2 at least\"; or none\n"
     "#     quorum_base = eligible     # or attended, returned, valid, summoned\n"
     "#     need = 2/3                 # more than that part of the base\n"
     "#     base = attended            # or eligible, returned, valid, summoned\n"
     "#     choices = 0                # names a ballot may mark; 0: as many as seats\n"
     "#     min_candidates = 1\n"
     "#     blank = invalid            # or valid: a blank ballot is valid, and against\n"
     "#     count = per_paper          # or per_person: valid and invalid of a confidence vote\n"
     "#     restricted = no            # yes: on no page, only in commands on the machine\n"
     "#     surplus = 0                # percent by which a list may be longer than the seats\n"
     "#     rounds = 2\n"
     "#     rerun_days = 15\n"
     "#     report_days = 3\n"
     "#     recognise_days = 5         # working days\n"
     "#     interim_months = 6\n"
     "#     copies = 3                 # of the minutes\n"
     "#     form = 02                  # code of their form\n"
     "#     low = 1/2                  # of a confidence vote: its last level above that part\n"
     "#     lowest = 2/3 at least\n"
     "#     grades                     # levels of confidence, the highest first\n"
     "#         1 = \"tín nhiệm cao\"\n"
     "#         2 = \"tín nhiệm thấp\"\n"},
};

static int write_new(int dir, const char *name, const char *text)
{
    size_t n = strlen(text), done = 0;
    int rc = 0, fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    while (done < n && rc == 0) {
        ssize_t wrote = write(fd, text + done, n - done);
        if (wrote >= 0)
            done += (size_t)wrote;
        else if (errno != EINTR)
            rc = -errno;
    }
    if (close(fd) != 0 && rc == 0)
        rc = -errno;
    return rc;
}

int planfolder_new(const char *dir)
{
    int rc = 0, fd;
    if (mkdir(dir, 0755) != 0 && errno != EEXIST)
        return -errno;
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && rc == 0; i++)
        if (faccessat(fd, files[i].name, F_OK, 0) == 0)
            rc = -EEXIST;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && rc == 0; i++)
        rc = write_new(fd, files[i].name, files[i].text);
    close(fd);
    return rc;
}
