// crashcalls.h - system calls of our own code that end on the crash disks, by the linker's --wrap.
//
// Descriptors and streams of other paths are the system's. The list of calls stands in CMakeLists.txt too.
#pragma once

void crashcalls_close_all(void); // the machine is off, or its process is gone
unsigned crashcalls_open_now(void);
