/* server.c - see server.h: sockets, libmicrohttpd and the loop.
 *
 * What a request means is none of its business: it gathers a web_request,
 * asks site_answer(), and sends the web_answer.
 */
#include "web/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "web/client_limit.h"
#include "web/exchange.h"
#include "web/site.h"

#define CONNECTION_BYTES_MAX (16 * 1024)	/* head of a request and of its answer */
#define BACKLOG 512
#define SWEEP_MS 1000

/* One connection, from accept to close. */
struct peer {
	struct server	*server;
	struct peer	*next, *prev;
	int		 fd;
	bool		 busy;			/* a request is under way */
	tick_t		 since;			/* connect, or end of the last answer */
	uint64_t	 client;
};

struct server {
	struct server_options	 options;
	struct MHD_Daemon	*daemon;
	int			 listen_fd, epoll_fd, signal_fd;
	uint16_t		 port;
	struct peer		*peers;
	tick_t			 swept;
	bool			 stopping;
	tick_t			 stop_at;
};

/* --- requests ------------------------------------------------------------------ */

static struct peer *peer_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info->socket_context;
}

static void *on_url(void *cls, const char *url, struct MHD_Connection *c)
{
	const struct server_options *options = &((struct server *)cls)->options;
	struct peer *peer = peer_of(c);
	const struct exchange first = { .site = options->site, .now = options->now,
	    .behind_proxy = options->behind_proxy, .client = peer->client };

	/* A request that broke before it reached on_request() left one behind. */
	talloc_free_children(peer);
	peer->busy = true;
	return exchange_new(peer, &first, url);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *size, void **con_cls)
{
	(void)cls;
	(void)url;		/* the exchange has it as it was sent */
	return exchange_step(*con_cls, c, method, version, data, size) ? MHD_YES : MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
    enum MHD_RequestTerminationCode code)
{
	struct server *server = cls;
	struct peer *peer = peer_of(c);

	if (*con_cls == NULL)
		return;
	peer->since = clock_tick();
	peer->busy = false;
	exchange_log(*con_cls, server->options.log, peer->since,
	    code != MHD_REQUEST_TERMINATED_COMPLETED_OK);
	talloc_free(*con_cls);
	*con_cls = NULL;
}

/* --- connections -------------------------------------------------------------- */

static void peer_open(struct server *server, struct MHD_Connection *c, void **socket_cls)
{
	const union MHD_ConnectionInfo *info;
	struct peer *peer = talloc_zero(server, struct peer);

	must(peer != NULL);
	peer->server = server;
	peer->since = clock_tick();
	info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	peer->fd = info->connect_fd;
	info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	peer->client = client_of_address(site_limit(server->options.site), info->client_addr);
	peer->next = server->peers;
	if (peer->next != NULL)
		peer->next->prev = peer;
	server->peers = peer;
	*socket_cls = peer;
}

static void peer_close(struct server *server, struct peer *peer)
{
	if (peer->prev != NULL)
		peer->prev->next = peer->next;
	else
		server->peers = peer->next;
	if (peer->next != NULL)
		peer->next->prev = peer->prev;
	talloc_free(peer);
}

static void on_connection(void *cls, struct MHD_Connection *c, void **socket_cls,
    enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		peer_open(cls, c, socket_cls);
	else if (*socket_cls != NULL)
		peer_close(cls, *socket_cls);
}

/* libmicrohttpd counts idle time only: a client that sends a byte now and then
 * would stay for hours.  Shutting the socket lets it clean up by itself. */
static void sweep(struct server *server, tick_t now)
{
	if (now.ms - server->swept.ms < SWEEP_MS)
		return;
	server->swept = now;
	for (struct peer *p = server->peers; p != NULL; p = p->next) {
		if (now.ms - p->since.ms > REQUEST_SECONDS_MAX * 1000)
			shutdown(p->fd, SHUT_RDWR);
	}
}

/* --- the loop ------------------------------------------------------------------ */

static size_t keep_escapes(void *cls, struct MHD_Connection *c, char *text)
{
	(void)cls;
	(void)c;
	return strlen(text);
}

static void drop_message(void *cls, const char *fmt, va_list args)
{
	(void)cls;		/* it would tell of clients' mistakes, with their bytes */
	(void)fmt;
	(void)args;
}

static bool address_make(const struct server_options *o, struct sockaddr_storage *out,
    socklen_t *len, struct err *err)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(o->port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(o->port) };

	if (inet_pton(AF_INET, o->address, &v4.sin_addr) == 1) {
		memcpy(out, &v4, sizeof(v4));
		*len = sizeof(v4);
	} else if (inet_pton(AF_INET6, o->address, &v6.sin6_addr) == 1) {
		memcpy(out, &v6, sizeof(v6));
		*len = sizeof(v6);
	} else {
		return err_set(err, ERR_INPUT, "'%s' is not an IP address to listen on; "
		    "write 127.0.0.1, 0.0.0.0 or ::", o->address);
	}
	return true;
}

static bool listen_open(struct server *server, struct err *err)
{
	struct sockaddr_storage at = { 0 };
	struct sockaddr_in bound = { 0 };	/* the port stands where IPv6 has it */
	socklen_t len, bound_len = sizeof(at);
	const int on = 1;

	if (!address_make(&server->options, &at, &len, err))
		return false;
	server->listen_fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->listen_fd < 0)
		return err_set(err, ERR_SYSTEM, "socket: %s", strerror(errno));
	if (setsockopt(server->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(server->listen_fd, (const struct sockaddr *)&at, len) != 0 ||
	    listen(server->listen_fd, BACKLOG) != 0)
		return err_set(err, ERR_SYSTEM, "cannot listen on %s port %u: %s",
		    server->options.address, (unsigned)server->options.port, strerror(errno));
	if (getsockname(server->listen_fd, (struct sockaddr *)&at, &bound_len) != 0)
		return err_set(err, ERR_SYSTEM, "getsockname: %s", strerror(errno));
	memcpy(&bound, &at, sizeof(bound));
	server->port = ntohs(bound.sin_port);
	return true;
}

static bool daemon_start(struct server *server, struct err *err)
{
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL,
	    on_request, server,
	    MHD_OPTION_EXTERNAL_LOGGER, drop_message, NULL,
	    MHD_OPTION_LISTEN_SOCKET, server->listen_fd,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS_MAX,
	    MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
	    MHD_OPTION_URI_LOG_CALLBACK, on_url, server,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
	    MHD_OPTION_END);
	if (server->daemon == NULL)
		return err_set(err, ERR_SYSTEM, "the web server did not start");
	server->listen_fd = -1;		/* the daemon's now */
	return true;
}

static bool watch(struct server *server, int fd, struct err *err)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ||
	    err_set(err, ERR_SYSTEM, "epoll: %s", strerror(errno));
}

static bool loop_open(struct server *server, struct err *err)
{
	sigset_t signals;
	const union MHD_DaemonInfo *info;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return err_set(err, ERR_SYSTEM, "signals: %s", strerror(errno));
	server->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (server->signal_fd < 0 || server->epoll_fd < 0)
		return err_set(err, ERR_SYSTEM, "epoll: %s", strerror(errno));
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	must(info != NULL);
	return watch(server, server->signal_fd, err) && watch(server, info->epoll_fd, err);
}

static int server_close(struct server *server)
{
	if (server->daemon != NULL)
		MHD_stop_daemon(server->daemon);
	if (server->listen_fd >= 0)
		close(server->listen_fd);
	if (server->epoll_fd >= 0)
		close(server->epoll_fd);
	if (server->signal_fd >= 0)
		close(server->signal_fd);
	return 0;
}

struct server *server_new(void *ctx, const struct server_options *options, struct err *err)
{
	struct server *server = talloc_zero(ctx, struct server);

	must(server != NULL);
	server->options = *options;
	server->listen_fd = server->epoll_fd = server->signal_fd = -1;
	talloc_set_destructor(server, server_close);
	if (!listen_open(server, err) || !daemon_start(server, err) || !loop_open(server, err)) {
		talloc_free(server);
		return NULL;
	}
	return server;
}

uint16_t server_port(const struct server *server)
{
	return server->port;
}

static int wait_ms(const struct server *server)
{
	unsigned long long ms = SWEEP_MS;

	if (server->peers == NULL && !server->stopping)
		return -1;
	if (MHD_get_timeout(server->daemon, &ms) != MHD_YES || ms > SWEEP_MS)
		ms = SWEEP_MS;
	return server->stopping && ms > 50 ? 50 : (int)ms;
}

/* No new connections; those with a request under way may finish it. */
static void stop_begin(struct server *server)
{
	const MHD_socket fd = MHD_quiesce_daemon(server->daemon);

	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	server->stopping = true;
	server->stop_at = (tick_t){ clock_tick().ms + STOP_SECONDS_MAX * 1000 };
}

static bool is_finished(const struct server *server)
{
	if (!server->stopping)
		return false;
	if (clock_tick().ms >= server->stop_at.ms)
		return true;
	for (const struct peer *p = server->peers; p != NULL; p = p->next) {
		if (p->busy)
			return false;
	}
	return true;
}

bool server_run(struct server *server, struct err *err)
{
	const struct pay_desk *desk = site_desk(server->options.site);

	while (!is_finished(server)) {
		struct epoll_event events[2];
		const int n = epoll_wait(server->epoll_fd, events, 2, wait_ms(server));

		if (n < 0 && errno != EINTR)
			return err_set(err, ERR_SYSTEM, "epoll: %s", strerror(errno));
		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == server->signal_fd && !server->stopping)
				stop_begin(server);
		}
		MHD_run(server->daemon);
		sweep(server, clock_tick());
		if (desk->turn != NULL)
			desk->turn(desk->arg);
		if (server->options.log != NULL)
			fflush(server->options.log);
	}
	return true;
}
