// crashvfs.h - SQLite on the crash disks: the default VFS of a program that tests with them.
#pragma once

void crashvfs_install(void); // one connection per database file at a time, as our daemons have it
