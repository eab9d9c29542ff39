/* fate.h - what became of one message on the wire, as far as the wire tells.
 *
 * `unknown` is a real answer: the last bytes were sent and no reply came, so
 * the other side may have it.  Only a reply, or the certainty that the last
 * bytes never left, allows any of the other three.
 *
 * Texts: `why` is one of a small set of constant words (for logs and for the
 * operator); nothing that the other side wrote, which may hold an address.
 */
#ifndef NET_FATE_H
#define NET_FATE_H

enum net_fate { NET_TAKEN, NET_LATER, NET_NEVER, NET_UNKNOWN };

#endif
