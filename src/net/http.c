/* http.c - see http.h. */
#include "net/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <talloc.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"
#include "net/transfer.h"

struct http_job {
	struct str		 body;
	struct curl_slist	*headers;
	http_done_fn		*done;
	void			*arg;
	CURL			*easy;		/* NULL before it is started */
	bool			(*leaving)(void *arg);
	bool			 stopped;	/* a second sending was prevented */
};

/* RFC 3986, 2.3. */
static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '.' || c == '_' || c == '~';
}

void http_query_put(struct str *str, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	const unsigned char *p = (const unsigned char *)text;

	while (*p != '\0') {
		const unsigned char *plain = p;

		while (is_unreserved(*p))
			p++;
		str_putn(str, (const char *)plain, (size_t)(p - plain));
		if (*p != '\0') {
			const char escape[] = { '%', digits[*p >> 4], digits[*p & 15] };

			str_putn(str, escape, sizeof(escape));
			p++;
		}
	}
}

/* Has some of the request left?  curl counts the bytes handed to the network, over
 * all its tries. */
static bool is_written(const struct http_job *job)
{
	long bytes = 0;

	(void)curl_easy_getinfo(job->easy, CURLINFO_REQUEST_SIZE, &bytes);
	return bytes > 0;
}

static int request_seen(CURL *easy, curl_infotype type, char *at, size_t len, void *arg)
{
	(void)easy;
	(void)at;
	(void)len;
	(void)arg;
	if (type == CURLINFO_HEADER_OUT)
		fault_point("mid-wire");
	return 0;
}

/* Called when a connection stands and the request is about to be written; a
 * second time only if curl wants to repeat it. */
static int request_about_to_leave(void *arg, char *far_ip, char *near_ip, int far_port,
    int near_port)
{
	struct http_job *job = arg;

	(void)far_ip;
	(void)near_ip;
	(void)far_port;
	(void)near_port;
	if (is_written(job)) {
		job->stopped = true;
		return CURL_PREREQFUNC_ABORT;
	}
	return job->leaving == NULL || job->leaving(job->arg) ? CURL_PREREQFUNC_OK :
	    CURL_PREREQFUNC_ABORT;
}

static size_t body_take(char *at, size_t size, size_t count, void *arg)
{
	struct http_job *job = arg;

	str_putn(&job->body, at, size * count);
	return str_ok(&job->body) ? size * count : 0;	/* 0 ends the transfer */
}

static enum net_fate status_fate(int status)
{
	if (status >= 200 && status < 300)
		return NET_TAKEN;
	if (status == 502 || status == 504)
		return NET_UNKNOWN;
	if (status == 408 || status == 425 || status == 429 || status >= 500)
		return NET_LATER;
	return NET_NEVER;
}

static void reply_judge(const struct http_job *job, CURLcode code,
    struct http_reply *reply)
{
	curl_off_t wait = 0;
	long status = 0;

	(void)curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(job->easy, CURLINFO_RETRY_AFTER, &wait);
	*reply = (struct http_reply){ .status = status >= 200 ? (int)status : 0,
	    .body = job->body.at != NULL ? job->body.at : "", .body_len = job->body.len,
	    .body_cut = code != CURLE_OK };
	if (wait > 0)
		reply->retry_after_seconds = wait < HTTP_RETRY_AFTER_SECONDS_MAX ?
		    (int32_t)wait : HTTP_RETRY_AFTER_SECONDS_MAX;
	if (reply->status != 0) {
		reply->fate = status_fate(reply->status);
		reply->why = reply->fate == NET_TAKEN ? "" : "refused";
	} else if (is_written(job)) {
		reply->fate = NET_UNKNOWN;
		reply->why = job->stopped ? "lost" : transfer_trouble(code);
	} else {
		reply->fate = NET_LATER;
		reply->unreached = true;
		reply->why = transfer_trouble(code);
	}
}

static void job_end(struct http_job *job, const struct http_reply *reply)
{
	curl_slist_free_all(job->headers);
	job->headers = NULL;
	job->done(job->arg, reply);
	talloc_free(job);
}

static void transfer_end(void *owner, CURL *easy, CURLcode code)
{
	struct http_job *job = owner;
	struct http_reply reply;

	(void)easy;
	reply_judge(job, code, &reply);
	job_end(job, &reply);
}

static bool header_add(struct http_job *job, const char *line)
{
	struct curl_slist *longer;

	if (strpbrk(line, "\r\n") != NULL)
		return false;
	longer = curl_slist_append(job->headers, line);
	if (longer == NULL)
		return false;
	job->headers = longer;
	return true;
}

static bool request_is_sound(struct http_job *job, const struct http_request *request)
{
	if (strncasecmp(request->url, "http://", 7) != 0 &&
	    strncasecmp(request->url, "https://", 8) != 0)
		return false;
	if (!header_add(job, "Expect:"))	/* no wait for 100 Continue */
		return false;
	for (int i = 0; request->headers != NULL && request->headers[i] != NULL; i++) {
		if (i >= HTTP_HEADERS_MAX || !header_add(job, request->headers[i]))
			return false;
	}
	return true;
}

static void request_options(CURL *easy, struct http_job *job, const struct http_request *request)
{
	(void)curl_easy_setopt(easy, CURLOPT_URL, request->url);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "purr/" PURR_VERSION);
	(void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job->headers);
	if (request->body != NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)request->body_len);
		(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
		if (request->put)
			(void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
	}
	if (request->user != NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		(void)curl_easy_setopt(easy, CURLOPT_USERNAME, request->user);
		(void)curl_easy_setopt(easy, CURLOPT_PASSWORD,
		    request->password != NULL ? request->password : "");
	}
	if (request->ca_file != NULL && request->ca_file[0] != '\0')
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, request->ca_file);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_take);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, job);
	(void)curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, request_about_to_leave);
	(void)curl_easy_setopt(easy, CURLOPT_PREREQDATA, job);
	/* Being told of each line doubles the cost of a message. */
	if (fault_is_set("mid-wire")) {
		(void)curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
		(void)curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, request_seen);
	}
}

void http_send(struct net_loop *loop, const struct http_request *request,
    http_done_fn *done, void *arg)
{
	struct http_job *job = talloc_zero(loop, struct http_job);
	struct transfer *transfer;

	must(job != NULL);
	job->done = done;
	job->arg = arg;
	job->leaving = request->leaving;
	str_init(&job->body, job, HTTP_REPLY_BYTES_MAX);
	if (!request_is_sound(job, request)) {
		job_end(job, &(struct http_reply){ .fate = NET_NEVER, .body = "",
		    .why = "request" });
		return;
	}
	transfer = transfer_take(loop, transfer_end, job);
	if (transfer != NULL) {
		job->easy = transfer->easy;
		transfer_limit(transfer, &request->seconds);
		request_options(transfer->easy, job, request);
		if (transfer_start(transfer))
			return;
	}
	job_end(job, &(struct http_reply){ .fate = NET_LATER, .body = "", .unreached = true,
	    .why = "memory" });
}
