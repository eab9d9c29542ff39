/* client_limit.c - see client_limit.h. */
#include "web/client_limit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/secret.h"

#define WAYS 4				/* entries that a client may be in */
#define SETS (CLIENTS_MAX / WAYS)

struct entry {
	uint64_t	client;
	int64_t		since_ms, last_ms;
	int		count;
};

struct client_limit {
	struct key	key;		/* of this process only */
	struct entry	table[SETS][WAYS];
};

struct client_limit *client_limit_new(void *ctx)
{
	struct client_limit *limit = talloc_zero(ctx, struct client_limit);

	must(limit != NULL);
	secret_random(limit->key.at, sizeof(limit->key.at));
	return limit;
}

static uint64_t client_of_bytes(const struct client_limit *limit, const void *at, size_t len)
{
	const struct piece piece = { at, len };
	uint8_t hash[HASH_BYTES];
	uint64_t out;

	hmac_sha256(&limit->key, &piece, 1, hash);
	memcpy(&out, hash, sizeof(out));
	return out != 0 ? out : 1;
}

static uint64_t client_of_ipv6(const struct client_limit *limit, const struct in6_addr *at)
{
	if (IN6_IS_ADDR_V4MAPPED(at))
		return client_of_bytes(limit, at->s6_addr + 12, 4);
	return client_of_bytes(limit, at->s6_addr, 8);
}

uint64_t client_of_address(const struct client_limit *limit, const struct sockaddr *sa)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		return client_of_bytes(limit, &v4.sin_addr, sizeof(v4.sin_addr));
	}
	if (sa->sa_family == AF_INET6) {
		memcpy(&v6, sa, sizeof(v6));
		return client_of_ipv6(limit, &v6.sin6_addr);
	}
	return 0;
}

uint64_t client_of_text(const struct client_limit *limit, const char *address)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, address, &v4) == 1)
		return client_of_bytes(limit, &v4, sizeof(v4));
	if (inet_pton(AF_INET6, address, &v6) == 1)
		return client_of_ipv6(limit, &v6);
	return 0;
}

void client_limit_count(struct client_limit *limit, uint64_t client, tick_t now)
{
	struct entry *set = limit->table[client % SETS];
	struct entry *e = &set[0];

	if (client == 0)
		return;
	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].client == client) {
			e = &set[i];
			break;
		}
		if (set[i].last_ms < e->last_ms || set[i].client == 0)
			e = &set[i];
	}
	if (e->client != client || now.ms - e->since_ms >= WRONG_LINKS_WINDOW_MS)
		*e = (struct entry){ .client = client, .since_ms = now.ms };
	e->count++;
	e->last_ms = now.ms;
}

int client_limit_wait(const struct client_limit *limit, uint64_t client, tick_t now)
{
	const struct entry *set = limit->table[client % SETS];

	for (size_t i = 0; client != 0 && i < WAYS; i++) {
		const int64_t left = set[i].since_ms + WRONG_LINKS_WINDOW_MS - now.ms;

		if (set[i].client == client && set[i].count > WRONG_LINKS_MAX && left > 0)
			return (int)((left + 999) / 1000);
	}
	return 0;
}
