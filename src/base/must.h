/* must.h - a condition that only our own mistake can break.
 *
 * must(x) stays on in release builds: a reminder engine that has lost track
 * of its own invariants should stop, not write to people.  Never use it for
 * what the world may do (a bad file, a lost connection): that is struct err.
 */
#ifndef BASE_MUST_H
#define BASE_MUST_H

#define must(x) ((x) ? (void)0 : must_fail(#x, __FILE__, __LINE__))

_Noreturn void must_fail(const char *condition, const char *file, int line);

#endif
