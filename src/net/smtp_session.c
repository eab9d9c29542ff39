/* smtp_session.c - see smtp_session.h.
 *
 * What decides an end is which command a reply answers: `expect` says which is next.
 */
#include "net/smtp_session.h"

#include <string.h>
#include <sys/socket.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/must.h"

#define READ_BYTES 4096

/* --- how a message ended ------------------------------------------------------------ */

/* Codes that speak of our account, whatever they answer. */
static bool is_login_code(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

/* Some say so with a 5xx, and it empties all the same. */
static bool is_full(const struct smtp_job *job)
{
	return job->refused_at == SMTP_RCPT && (strcmp(job->refusal.enhanced, "5.2.2") == 0 ||
	    (job->refusal.enhanced[0] == '\0' && job->refusal.code == 552));
}

static void refusal_judge(const struct smtp_job *job, struct smtp_end *end)
{
	end->code = job->refusal.code;
	memcpy(end->enhanced, job->refusal.enhanced, sizeof(end->enhanced));
	end->unreached = job->phase < SMTP_MAIL || is_login_code(end->code) ||
	    end->code == 421;
	end->fate = end->unreached || end->code < 500 || is_full(job) ? NET_LATER : NET_NEVER;
	end->at_recipient = !end->unreached && job->refused_at == SMTP_RCPT &&
	    reply_blames_mailbox(end->enhanced, job->refusal.mailbox);
	end->why = is_login_code(end->code) ? "login" : "refused";
}

static void end_judge(const struct smtp_job *job, const char *trouble, struct smtp_end *end)
{
	*end = (struct smtp_end){ .fate = NET_LATER, .why = trouble };
	if (job->accepted.code != 0 && job->refusal.code == 0) {
		end->fate = NET_TAKEN;
		end->why = "";
		end->code = job->accepted.code;
		memcpy(end->enhanced, job->accepted.enhanced, sizeof(end->enhanced));
		memcpy(end->queue_id, job->accepted.queue_id, sizeof(end->queue_id));
	} else if (job->refusal.code != 0) {
		refusal_judge(job, end);
	} else if (job->phase == SMTP_BODY) {
		end->fate = NET_UNKNOWN;
		end->code = job->last_code;
	} else {
		end->unreached = job->phase < SMTP_MAIL;
		end->code = job->last_code;
	}
}

/* --- a connection's end ---------------------------------------------------------------- */

static void idle_remove(struct smtp_session *s)
{
	struct smtp_session **at = &s->relay->idle;

	while (*at != NULL && *at != s)
		at = &(*at)->next_idle;
	if (*at == s)
		*at = s->next_idle;
}

/* Its descriptor is shut before libcurl may say QUIT, for whose answer it would wait. */
static void session_close(struct smtp_session *s)
{
	idle_remove(s);
	if (s->open) {
		watch_stop(&s->watch);
		(void)shutdown(s->watch.fd, SHUT_RDWR);
	}
	if (s->transfer != NULL)
		transfer_release(s->transfer);
	talloc_free(s);
}

/* The loop ends: a polite last word, and no wait for its answer. */
static void session_part(struct watch *w)
{
	struct smtp_session *s = w->owner;
	size_t sent;

	if (s->job == NULL)
		(void)curl_easy_send(s->transfer->easy, "QUIT\r\n", 6, &sent);
	watch_stop(w);
	(void)shutdown(w->fd, SHUT_RDWR);
	s->open = false;
}

/* --- a message's end --------------------------------------------------------------------- */

/* Takes the job from its session. */
static struct smtp_job *job_leave(struct smtp_session *s)
{
	struct smtp_job *job = s->job;

	s->job = NULL;
	s->expect_count = 0;
	if (s->open)
		net_loop_work(s->relay->loop, -1);
	return job;
}

/* The dialogue is over, in good order. */
static void job_finish(struct smtp_session *s)
{
	struct smtp_job *job = job_leave(s);
	struct smtp_end end;

	end_judge(job, "lost", &end);
	s->line_len = 0;
	s->ending |= s->out.len > 0;	/* refused before all was written */
	s->used = true;
	s->dirty = job->refusal.code != 0;
	if (s->ending) {
		session_close(s);
	} else {
		s->next_idle = s->relay->idle;
		s->relay->idle = s;
	}
	smtp_job_end(job, &end);
}

/* A relay may close a kept connection at any time, or say 421 to the next MAIL.  Then
 * nothing of this message has left, and a new connection may be tried at once; but only
 * one, since the next failure is no coincidence. */
static bool may_try_fresh(const struct smtp_session *s, const struct smtp_job *job, bool timed_out)
{
	const int64_t over = job->began_ms + 1000 * (int64_t)s->relay->seconds.transfer_max;

	return clock_tick().ms < over && s->used && !job->fresh && job->phase <= SMTP_MAIL && !timed_out &&
	    (job->refusal.code == 0 || job->refusal.code == 421);
}

/* The connection failed under it. */
void smtp_session_fail(struct smtp_session *s, const char *trouble)
{
	const bool timed_out = strcmp(trouble, "timeout") == 0;
	struct smtp_job *job = job_leave(s);
	const bool again = may_try_fresh(s, job, timed_out);
	struct smtp_end end;

	end_judge(job, trouble, &end);
	session_close(s);
	if (!again) {
		smtp_job_end(job, &end);
		return;
	}
	job->fresh = true;
	job->refusal.code = 0;
	job->last_code = 0;
	smtp_job_start(job);
}

/* --- what is said ------------------------------------------------------------------------- */

static void expect(struct smtp_session *s, enum smtp_phase phase)
{
	must(s->expect_count < SMTP_EXPECT_MAX);
	s->expect[s->expect_count++] = phase;
}

static void say_mail(struct smtp_session *s)
{
	const struct smtp_mail *m = &s->job->mail;
	bool utf8 = false;

	for (const char *p = m->to; *p != '\0'; p++)
		utf8 |= (unsigned char)*p >= 0x80;
	str_printf(&s->out, "MAIL FROM:<%s>", m->from);
	if (s->size)
		str_printf(&s->out, " SIZE=%zu", m->len);
	str_put(&s->out, utf8 && s->utf8 ? " SMTPUTF8\r\n" : "\r\n");
	expect(s, SMTP_MAIL);
}

static void say_rcpt(struct smtp_session *s)
{
	str_printf(&s->out, "RCPT TO:<%s>\r\n", s->job->mail.to);
	expect(s, SMTP_RCPT);
}

static void say_data(struct smtp_session *s)
{
	str_put(&s->out, "DATA\r\n");
	expect(s, SMTP_DATA);
}

/* Lines that begin with a dot get a second one (RFC 5321 section 4.5.2). */
static void say_body(struct smtp_session *s)
{
	const char *at = s->job->mail.bytes, *end = at + s->job->mail.len;

	fault_point("mid-wire");
	s->job->phase = SMTP_BODY;
	if (at < end && *at == '.')
		str_putc(&s->out, '.');
	while (at < end) {
		const char *dot = memmem(at, (size_t)(end - at), "\n.", 2);
		const char *stop = dot == NULL ? end : dot + 1;

		str_putn(&s->out, at, (size_t)(stop - at));
		if (dot != NULL)
			str_putc(&s->out, '.');
		at = stop;
	}
	if (s->job->mail.len < 2 || end[-1] != '\n')
		str_put(&s->out, "\r\n");
	str_put(&s->out, ".\r\n");
	expect(s, SMTP_BODY);
}

/* Writes what it can.  False: the connection failed, and the job with it. */
static bool flush(struct smtp_session *s)
{
	while (s->out_at < s->out.len) {
		size_t sent = 0;
		const CURLcode code = curl_easy_send(s->transfer->easy, s->out.at + s->out_at,
		    s->out.len - s->out_at, &sent);

		if (code == CURLE_AGAIN)
			break;
		if (code != CURLE_OK) {
			smtp_session_fail(s, "lost");
			return false;
		}
		s->out_at += sent;
		s->heard_ms = clock_tick().ms;
	}
	if (s->out_at == s->out.len)
		s->out.len = s->out_at = 0;
	watch_out(&s->watch, s->out.len > 0);
	return true;
}

void smtp_session_begin(struct smtp_session *s)
{
	s->job->phase = SMTP_MAIL;
	s->expect_count = 0;
	s->heard_ms = clock_tick().ms;
	if (s->dirty) {
		str_put(&s->out, "RSET\r\n");
		expect(s, SMTP_RSET);
		s->dirty = false;
	}
	if (s->pipelining || s->expect_count == 0)
		say_mail(s);
	if (s->pipelining) {
		say_rcpt(s);
		say_data(s);
	}
	(void)flush(s);
}

/* --- what is answered ----------------------------------------------------------------------- */

static bool is_good(enum smtp_phase what, const struct reply_line *line)
{
	return line->code / 100 == (what == SMTP_DATA ? 3 : 2);
}

static void note_refusal(struct smtp_job *job, enum smtp_phase at, const struct reply_line *line)
{
	if (job->refusal.code != 0)
		return;
	job->refusal = *line;
	job->refused_at = at;
}

/* True: the dialogue goes on. */
static bool answered(struct smtp_session *s, enum smtp_phase what, const struct reply_line *line)
{
	struct smtp_job *job = s->job;
	const bool good = is_good(what, line);

	job->last_code = line->code;
	if (!good)
		note_refusal(job, what, line);
	switch (what) {
	case SMTP_RSET:
		if (!s->pipelining)
			say_mail(s);
		return true;
	case SMTP_MAIL:
		if (good)
			job->phase = SMTP_RCPT;
		if (good && !s->pipelining)
			say_rcpt(s);
		return good || s->pipelining;
	case SMTP_RCPT:
		if (good)
			job->phase = SMTP_DATA;
		if (good && !s->pipelining)
			say_data(s);
		return good || s->pipelining;
	case SMTP_DATA:
		if (good && job->refusal.code == 0 &&
		    (job->mail.leaving == NULL || job->mail.leaving(job->arg)))
			say_body(s);
		else if (good)
			s->ending = true;	/* it wants a body that nobody is to get */
		return good && !s->ending;
	case SMTP_BODY:
		if (good && s->out.len == 0)	/* it has all of it */
			job->accepted = *line;
		return false;
	case SMTP_CONNECT:
	case SMTP_HELLO:
		break;
	}
	must(!"a reply to be expected");
	return false;
}

/* Of what comes out of turn, or is no reply, nothing that follows can be trusted. */
static bool out_of_turn(struct smtp_session *s)
{
	s->ending = true;
	if (s->job == NULL)
		return true;		/* closed when it has been read */
	smtp_session_fail(s, "lost");
	return false;
}

/* False: the session is gone, or has nothing more to hear. */
static bool line_take(struct smtp_session *s)
{
	struct reply_line line;
	enum smtp_phase what;

	if (!reply_line_read(s->line, s->line_len, &line))
		return out_of_turn(s);
	s->ending |= line.code == 421;
	if (!line.last) {
		line.mailbox |= s->head.mailbox;
		if (s->head.code == 0)
			s->head = line;
		s->head.mailbox = line.mailbox;
		return true;
	}
	line.mailbox |= s->head.mailbox;
	if (s->head.code == line.code && line.enhanced[0] == '\0' && line.queue_id[0] == '\0') {
		s->head.mailbox = line.mailbox;
		line = s->head;
	}
	s->head = (struct reply_line){ .code = 0 };
	if (s->job == NULL || s->expect_count == 0 ||
	    (line.code < 400 && !is_good(s->expect[0], &line)))
		return out_of_turn(s);
	what = s->expect[0];
	s->expect_count--;
	memmove(s->expect, s->expect + 1, s->expect_count * sizeof(s->expect[0]));
	if (what == SMTP_RSET && line.code / 100 != 2) {	/* of the message before */
		smtp_session_fail(s, "lost");
		return false;
	}
	if (line.code == 421 && what <= SMTP_DATA) {
		note_refusal(s->job, what, &line);
		s->job->last_code = line.code;
		smtp_session_fail(s, "lost");
		return false;
	}
	if (answered(s, what, &line))
		return flush(s);
	if (s->expect_count == 0 || s->ending)
		job_finish(s);
	return false;
}

static bool bytes_take(struct smtp_session *s, const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s->line_len < SMTP_LINE_BYTES)
			s->line[s->line_len++] = at[i];
		if (at[i] != '\n')
			continue;
		if (!line_take(s))
			return false;
		s->line_len = 0;
	}
	return true;
}

static void session_ready(struct watch *w)
{
	struct smtp_session *s = w->owner;
	char bytes[READ_BYTES];

	if (s->out.len > 0 && !flush(s))
		return;
	for (;;) {
		size_t got = 0;
		const CURLcode code = curl_easy_recv(s->transfer->easy, bytes, sizeof(bytes), &got);

		if (code == CURLE_AGAIN)
			break;
		if (code != CURLE_OK || got == 0) {
			if (s->job != NULL)
				smtp_session_fail(s, "lost");
			else
				session_close(s);
			return;
		}
		s->heard_ms = clock_tick().ms;
		if (!bytes_take(s, bytes, got))
			return;
	}
	if (s->job == NULL && s->ending)
		session_close(s);
}

static void session_tick(struct watch *w, int64_t now_ms)
{
	struct smtp_session *s = w->owner;
	const struct net_seconds *most = &s->relay->seconds;

	if (s->job != NULL && (now_ms - s->heard_ms >= 1000 * (int64_t)most->stall_max ||
	    now_ms - s->job->began_ms >= 1000 * (int64_t)most->transfer_max))
		smtp_session_fail(s, "timeout");
}

/* --- its beginning ---------------------------------------------------------------------------- */

bool smtp_session_watch(struct smtp_session *s, int fd)
{
	s->watch = (struct watch){ .loop = s->relay->loop, .fd = fd, .owner = s,
	    .ready = session_ready, .tick = session_tick, .part = session_part };
	return watch_start(&s->watch);
}

void smtp_session_take(struct smtp_session *s, struct smtp_job *job)
{
	const int64_t now = clock_tick().ms;

	s->job = job;
	s->next_idle = NULL;
	if (!job->fresh)		/* a second try has what the first left it */
		job->began_ms = now;
	job->phase = SMTP_CONNECT;
	if (s->open) {
		net_loop_work(s->relay->loop, 1);
		smtp_session_begin(s);
		return;
	}
	(void)curl_easy_setopt(s->transfer->easy, CURLOPT_TIMEOUT_MS, (long)(job->began_ms - now +
	    1000 * (int64_t)s->relay->seconds.transfer_max));
	if (!transfer_start(s->transfer)) {
		s->transfer = NULL;
		smtp_session_fail(s, "memory");
	}
}
