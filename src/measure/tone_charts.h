/* tone_charts.h - the drawings of a tone report, from its finished object.
 *
 * Memory:  a scene is a talloc child of the context given; NULL where there is
 *          nothing to draw, because it is withheld or nobody has matured.
 * Threads: pure.
 */
#ifndef MEASURE_TONE_CHARTS_H
#define MEASURE_TONE_CHARTS_H

#include "measure/chart.h"

struct scene	*tone_chart_effect(void *ctx, const json_t *report);
struct scene	*tone_chart_incidence(void *ctx, const json_t *report);
struct scene	*tone_chart_recovery(void *ctx, const json_t *report);
struct scene	*tone_chart_guardrails(void *ctx, const json_t *report);
struct scene	*tone_chart_segments(void *ctx, const json_t *report);
struct scene	*tone_chart_flow(void *ctx, const json_t *report);
/* Of one tone against the reference. */
struct scene	*tone_chart_looks(void *ctx, const json_t *report, const char *arm);

#endif
