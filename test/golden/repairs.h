/* What each repair of the exact model is worth alone: the reference's winners, priced by its model
 * (3.8.5) with one quirk less. */
#ifndef GOLDEN_REPAIRS_H
#define GOLDEN_REPAIRS_H

#include <stdbool.h>

/* Reads rows in compact form and prints a table. False: the file cannot be read. */
bool golden_repairs(const char *path);

#endif
