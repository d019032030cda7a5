/* CPU time of this process, for benchmarks and reports of how long something took. */
#ifndef CPU_TIME_H
#define CPU_TIME_H

#include <time.h>

static inline double cpu_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

#endif
