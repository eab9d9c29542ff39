/* loop.c - see loop.h.
 *
 * curl tells which sockets it watches (socket_watch) and when it wants to be
 * called at the latest (timer_set); epoll does the waiting.
 */
#include "net/loop.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/must.h"
#include "net/transfer.h"

#define EVENTS_MAX 64
#define IDLE_HANDLES_MAX 256

struct net_loop {
	CURLM		*multi;
	int		 epoll_fd;
	int64_t		 timer_at_ms;		/* monotonic; -1: none wanted */
	struct transfer	*busy;			/* list, with those that are kept */
	size_t		 busy_count;		/* without them */
	struct watch	*watches;		/* list */
	CURL		*idle[IDLE_HANDLES_MAX];	/* reset, ready for use */
	size_t		 idle_count;
	int		 epoll_errno;		/* first failure in a call-back */
};

bool net_start(struct err *err)
{
	static bool started;

	if (started)
		return true;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_SYSTEM, "libcurl does not start");
	started = true;
	return true;
}

static int socket_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct net_loop *loop = arg;
	struct epoll_event event = { .data.fd = fd };

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		/* The descriptor may be closed already: then epoll forgot it. */
		(void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (epoll_ctl(loop->epoll_fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) != 0) {
		if (loop->epoll_errno == 0)
			loop->epoll_errno = errno;
		return -1;
	}
	if (known == NULL)
		(void)curl_multi_assign(loop->multi, fd, loop);
	return 0;
}

static int timer_set(CURLM *multi, long timeout_ms, void *arg)
{
	struct net_loop *loop = arg;

	(void)multi;
	loop->timer_at_ms = timeout_ms < 0 ? -1 : clock_tick().ms + timeout_ms;
	return 0;
}

static void transfer_unlink(struct transfer *transfer)
{
	struct net_loop *loop = transfer->loop;

	if (transfer->prev != NULL)
		transfer->prev->next = transfer->next;
	else
		loop->busy = transfer->next;
	if (transfer->next != NULL)
		transfer->next->prev = transfer->prev;
	if (!transfer->kept)
		loop->busy_count--;
}

static void handle_give_back(struct net_loop *loop, CURL *easy)
{
	if (loop->idle_count == IDLE_HANDLES_MAX) {
		curl_easy_cleanup(easy);
		return;
	}
	curl_easy_reset(easy);
	loop->idle[loop->idle_count++] = easy;
}

static int loop_free(struct net_loop *loop)
{
	for (struct watch *w = loop->watches, *next; w != NULL; w = next) {
		next = w->next;
		w->part(w);
	}
	for (struct transfer *t = loop->busy; t != NULL; t = t->next) {
		if (t->started)
			(void)curl_multi_remove_handle(loop->multi, t->easy);
		curl_easy_cleanup(t->easy);
	}
	for (size_t i = 0; i < loop->idle_count; i++)
		curl_easy_cleanup(loop->idle[i]);
	if (loop->multi != NULL)
		(void)curl_multi_cleanup(loop->multi);
	if (loop->epoll_fd >= 0)
		(void)close(loop->epoll_fd);
	return 0;
}

struct net_loop *net_loop_open(void *ctx, const struct net_loop_limits *limits, struct err *err)
{
	struct net_loop *loop;

	must(limits->connections_max > 0 && limits->host_connections_max > 0);
	if (!net_start(err))
		return NULL;
	loop = talloc_zero(ctx, struct net_loop);
	must(loop != NULL);
	loop->timer_at_ms = -1;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	loop->multi = curl_multi_init();
	talloc_set_destructor(loop, loop_free);
	if (loop->epoll_fd < 0 || loop->multi == NULL) {
		(void)err_set(err, ERR_SYSTEM, "no event loop: %s", strerror(errno));
		talloc_free(loop);
		return NULL;
	}
	(void)curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, socket_watch);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, timer_set);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)limits->connections_max);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
	    (long)limits->connections_max);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)limits->host_connections_max);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	return loop;
}

struct transfer *transfer_take(struct net_loop *loop, transfer_ended_fn *ended, void *owner)
{
	CURL *easy = loop->idle_count > 0 ? loop->idle[--loop->idle_count] : curl_easy_init();
	struct transfer *transfer;

	if (easy == NULL)
		return NULL;
	transfer = talloc_zero(loop, struct transfer);
	must(transfer != NULL);
	*transfer = (struct transfer){ .loop = loop, .easy = easy, .ended = ended,
	    .owner = owner, .next = loop->busy };
	if (loop->busy != NULL)
		loop->busy->prev = transfer;
	loop->busy = transfer;
	loop->busy_count++;
	/* No signals for time-outs of name look-ups (this build resolves in a
	 * thread), and a buffer that is not allocated anew for each message. */
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
	(void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	return transfer;
}

void transfer_limit(struct transfer *transfer, const struct net_seconds *seconds)
{
	CURL *easy = transfer->easy;

	must(seconds->connect_max > 0 && seconds->stall_max > 0 && seconds->transfer_max > 0);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)seconds->connect_max);
	(void)curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)seconds->stall_max);
	(void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)seconds->stall_max);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)seconds->transfer_max);
}

const char *transfer_trouble(CURLcode code)
{
	if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY)
		return "name";
	if (code == CURLE_COULDNT_CONNECT)
		return "connect";
	if (code == CURLE_OPERATION_TIMEDOUT)
		return "timeout";
	if (code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_USE_SSL_FAILED || code == CURLE_SSL_CACERT_BADFILE ||
	    code == CURLE_SSL_CIPHER)
		return "tls";
	if (code == CURLE_LOGIN_DENIED)
		return "login";
	return "lost";
}

static void transfer_drop(struct transfer *transfer)
{
	struct net_loop *loop = transfer->loop;

	transfer_unlink(transfer);
	handle_give_back(loop, transfer->easy);
	talloc_free(transfer);
}

bool transfer_start(struct transfer *transfer)
{
	if (curl_multi_add_handle(transfer->loop->multi, transfer->easy) != CURLM_OK) {
		transfer_drop(transfer);
		return false;
	}
	transfer->started = true;
	return true;
}

static void finished_report(struct net_loop *loop)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		struct transfer *transfer = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
		if (!transfer->connects_only || code != CURLE_OK) {
			(void)curl_multi_remove_handle(loop->multi, easy);
			transfer->started = false;
		}
		transfer->ending = true;
		transfer->ended(transfer->owner, easy, code);
		transfer->ending = false;
		if (transfer->kept)
			loop->busy_count--;
		else
			transfer_release(transfer);
	}
}

void transfer_release(struct transfer *transfer)
{
	if (transfer->ending) {
		transfer->kept = false;
		return;
	}
	if (transfer->started)
		(void)curl_multi_remove_handle(transfer->loop->multi, transfer->easy);
	transfer->started = false;
	transfer_drop(transfer);
}

/* --- descriptors of others ------------------------------------------------------- */

static bool watch_set(struct watch *w, int what)
{
	struct epoll_event event = { .events = EPOLLIN | (w->out ? EPOLLOUT : 0), .data.fd = w->fd };

	return epoll_ctl(w->loop->epoll_fd, what, w->fd, &event) == 0;
}

bool watch_start(struct watch *w)
{
	struct net_loop *loop = w->loop;

	w->prev = NULL;
	w->next = loop->watches;
	if (w->next != NULL)
		w->next->prev = w;
	loop->watches = w;
	if (watch_set(w, EPOLL_CTL_ADD))
		return true;
	watch_stop(w);
	return false;
}

void watch_out(struct watch *w, bool out)
{
	if (w->out == out)
		return;
	w->out = out;
	if (!watch_set(w, EPOLL_CTL_MOD) && w->loop->epoll_errno == 0)
		w->loop->epoll_errno = errno;
}

void watch_stop(struct watch *w)
{
	if (w->prev != NULL)
		w->prev->next = w->next;
	else
		w->loop->watches = w->next;
	if (w->next != NULL)
		w->next->prev = w->prev;
	(void)epoll_ctl(w->loop->epoll_fd, EPOLL_CTL_DEL, w->fd, NULL);
}

void net_loop_work(struct net_loop *loop, int by)
{
	loop->busy_count += (size_t)by;
}

static struct watch *watch_of(struct net_loop *loop, int fd)
{
	struct watch *w = loop->watches;

	while (w != NULL && w->fd != fd)
		w = w->next;
	return w;
}

static void watches_tick(struct net_loop *loop)
{
	const int64_t now = clock_tick().ms;

	for (struct watch *w = loop->watches, *next; w != NULL; w = next) {
		next = w->next;
		w->tick(w, now);
	}
}

static int wait_ms(const struct net_loop *loop, int wait_ms_max)
{
	int64_t left;

	if (loop->timer_at_ms < 0)
		return wait_ms_max;
	left = loop->timer_at_ms - clock_tick().ms;
	if (left <= 0)
		return 0;
	return left < wait_ms_max ? (int)left : wait_ms_max;
}

bool net_loop_step(struct net_loop *loop, int wait_ms_max, struct err *err)
{
	struct epoll_event events[EVENTS_MAX];
	CURLMcode code = CURLM_OK;
	int running, count;

	count = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, wait_ms(loop, wait_ms_max));
	if (count < 0 && errno != EINTR)
		return err_set(err, ERR_SYSTEM, "epoll_wait: %s", strerror(errno));
	for (int i = 0; i < count && code == CURLM_OK; i++) {
		struct watch *watch = watch_of(loop, events[i].data.fd);
		int what = 0;

		if (watch != NULL) {
			watch->ready(watch);
			continue;
		}
		if (events[i].events & (EPOLLIN | EPOLLHUP))
			what |= CURL_CSELECT_IN;
		if (events[i].events & EPOLLOUT)
			what |= CURL_CSELECT_OUT;
		if (events[i].events & EPOLLERR)
			what |= CURL_CSELECT_ERR;
		code = curl_multi_socket_action(loop->multi, events[i].data.fd, what, &running);
	}
	if (code == CURLM_OK && loop->timer_at_ms >= 0 && clock_tick().ms >= loop->timer_at_ms) {
		loop->timer_at_ms = -1;
		code = curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	finished_report(loop);
	watches_tick(loop);
	if (loop->epoll_errno != 0)
		return err_set(err, ERR_SYSTEM, "epoll_ctl: %s", strerror(loop->epoll_errno));
	if (code != CURLM_OK)
		return err_set(err, ERR_SYSTEM, "curl: %s", curl_multi_strerror(code));
	return true;
}

bool net_url_is_readable(const char *text)
{
	CURLU *url = curl_url();
	char *host = NULL;
	const bool readable = url != NULL &&
	    curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK && host[0] != '\0';

	curl_free(host);
	curl_url_cleanup(url);
	return readable;
}

size_t net_loop_busy(const struct net_loop *loop)
{
	return loop->busy_count;
}
