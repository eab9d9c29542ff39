/* figure_cell.h - figures of a report as words of a table.
 *
 * Nothing stands where a number does not exist: a dash.
 *
 * Threads: pure.
 */
#ifndef MEASURE_FIGURE_CELL_H
#define MEASURE_FIGURE_CELL_H

#include <stdbool.h>

#include <jansson.h>

#define CELL_BYTES 72

/* "57.7 (53.9 to 61.5)"; `plus`: with signs, of differences. */
const char	*range_cell(char out[CELL_BYTES], const json_t *figure, double scale, bool plus);
const char	*p_cell(char out[CELL_BYTES], double p);
const char	*count_cell(char out[CELL_BYTES], json_int_t);
const char	*number_cell(char out[CELL_BYTES], double value, int decimals);
/* An amount in whole units with its decimals. */
const char	*amount_cell(char out[CELL_BYTES], json_int_t minor, int exponent);

/* "opt_outs_by_horizon" as "opt outs": what a table's caption says is left out. */
const char	*name_cell(char out[CELL_BYTES], const char *name);

#endif
