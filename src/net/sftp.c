/* sftp.c - see sftp.h. */
#include "net/sftp.h"

#include <string.h>

#include <talloc.h>

#include "base/fault.h"
#include "base/must.h"
#include "net/transfer.h"

#define NAME_BYTES_MAX 256

struct sftp_job {
	struct net_loop		*loop;
	struct sftp_put		 put;
	size_t			 at;		/* of its bytes, have left */
	struct curl_slist	*after;		/* what is done when the file is there */
	const char		*why;		/* it was interrupted */
	char			 line[NAME_BYTES_MAX];	/* of the folder's list */
	size_t			 line_len;
	bool			 has_dotted, has_named;
	sftp_done_fn		*done;
	void			*arg;
};

static size_t bytes_give(char *to, size_t size, size_t count, void *arg)
{
	struct sftp_job *job = arg;
	size_t room = size * count;

	if (job->at == 0)
		fault_point("mid-wire");
	if (room > job->put.len - job->at)
		room = job->put.len - job->at;
	memcpy(to, job->put.bytes + job->at, room);
	job->at += room;
	return room;
}

static void job_end(struct sftp_job *job, const struct sftp_end *end)
{
	curl_slist_free_all(job->after);
	job->after = NULL;
	job->done(job->arg, end);
	talloc_free(job);
}

static const char *trouble(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION ? "host key" :
	    code == CURLE_QUOTE_ERROR ? "rename" :
	    code == CURLE_REMOTE_ACCESS_DENIED || code == CURLE_REMOTE_FILE_NOT_FOUND ||
	    code == CURLE_UPLOAD_FAILED ? "refused" : transfer_trouble(code);
}

static bool is_sound(const struct sftp_put *put)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

	return strncmp(put->url, "sftp://", 7) == 0 && put->name[0] != '\0' &&
	    strspn(put->name, letters) == strlen(put->name);
}

/* The path of a URL: from the slash behind the host on.  "/~/x" is x at home, as in curl,
 * but for the renaming, which knows no "~". */
static const char *path_of(const char *url)
{
	const char *path = strchr(url + strlen("sftp://"), '/');

	if (path == NULL)
		return "";
	return strncmp(path, "/~/", 3) == 0 ? path + 3 : path;
}

static void login_options(CURL *easy, const struct sftp_put *put)
{
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "sftp");
	(void)curl_easy_setopt(easy, CURLOPT_USERNAME, put->user);
	(void)curl_easy_setopt(easy, CURLOPT_SSH_KNOWNHOSTS, put->known_hosts);
	if (put->key_file[0] != '\0') {
		(void)curl_easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES, (long)CURLSSH_AUTH_PUBLICKEY);
		(void)curl_easy_setopt(easy, CURLOPT_SSH_PRIVATE_KEYFILE, put->key_file);
		(void)curl_easy_setopt(easy, CURLOPT_KEYPASSWD, put->password);
	} else {
		(void)curl_easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES, (long)CURLSSH_AUTH_PASSWORD);
		(void)curl_easy_setopt(easy, CURLOPT_PASSWORD, put->password);
	}
}

static void put_options(CURL *easy, struct sftp_job *job, const struct sftp_put *put)
{
	const char *path = path_of(put->url);
	char *url = talloc_asprintf(job, "%s/.%s", put->url, put->name);
	char *rename = talloc_asprintf(job, "rename \"%s/.%s\" \"%s/%s\"", path, put->name, path, put->name);

	must(url != NULL && rename != NULL);
	job->after = curl_slist_append(NULL, rename);
	login_options(easy, put);
	(void)curl_easy_setopt(easy, CURLOPT_URL, url);
	(void)curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)put->len);
	(void)curl_easy_setopt(easy, CURLOPT_READFUNCTION, bytes_give);
	(void)curl_easy_setopt(easy, CURLOPT_READDATA, job);
	(void)curl_easy_setopt(easy, CURLOPT_POSTQUOTE, job->after);
}

/* --- was it renamed? ------------------------------------------------------------------- */

/* libcurl has one word for a renaming that was refused and for one whose answer was lost. */
static void look_end(void *owner, CURL *easy, CURLcode code)
{
	struct sftp_job *job = owner;
	struct sftp_end end = { .fate = NET_UNKNOWN, .why = job->why };

	(void)easy;
	if (code == CURLE_OK && job->has_named && !job->has_dotted) {
		end.fate = NET_TAKEN;
		end.why = "";
	} else if (code == CURLE_OK && job->has_dotted && !job->has_named) {
		end.fate = NET_LATER;
	}
	job_end(job, &end);
}

static size_t name_take(char *at, size_t size, size_t count, void *arg)
{
	struct sftp_job *job = arg;

	for (size_t i = 0; i < size * count; i++) {
		if (at[i] != '\n') {
			if (job->line_len < sizeof(job->line) - 1)
				job->line[job->line_len++] = at[i];
			continue;
		}
		job->line[job->line_len] = '\0';
		job->line_len = 0;
		job->has_named |= strcmp(job->line, job->put.name) == 0;
		job->has_dotted |= job->line[0] == '.' && strcmp(job->line + 1, job->put.name) == 0;
	}
	return size * count;
}

static void look_begin(struct sftp_job *job, const char *why)
{
	struct transfer *transfer = transfer_take(job->loop, look_end, job);
	char *url = talloc_asprintf(job, "%s/", job->put.url);

	must(url != NULL);
	job->why = why;
	if (transfer != NULL) {
		transfer_limit(transfer, &job->put.seconds);
		login_options(transfer->easy, &job->put);
		(void)curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
		(void)curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, 1L);
		(void)curl_easy_setopt(transfer->easy, CURLOPT_DIRLISTONLY, 1L);
		(void)curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, name_take);
		(void)curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, job);
		if (transfer_start(transfer))
			return;
	}
	job_end(job, &(struct sftp_end){ .fate = NET_UNKNOWN, .why = why });
}

/* --- the file ---------------------------------------------------------------------------- */

static void transfer_end(void *owner, CURL *easy, CURLcode code)
{
	struct sftp_job *job = owner;
	struct sftp_end end = { .fate = NET_TAKEN, .why = "" };

	(void)easy;
	if (code != CURLE_OK && (job->at == job->put.len || code == CURLE_QUOTE_ERROR)) {
		look_begin(job, trouble(code));
		return;
	}
	if (code != CURLE_OK) {
		end.why = trouble(code);
		end.fate = NET_LATER;
		end.unreached = job->at == 0;
	}
	job_end(job, &end);
}
void sftp_send(struct net_loop *loop, const struct sftp_put *put, sftp_done_fn *done, void *arg)
{
	struct sftp_job *job = talloc_zero(loop, struct sftp_job);
	struct transfer *transfer;

	must(job != NULL);
	*job = (struct sftp_job){ .loop = loop, .put = *put, .done = done, .arg = arg };
	if (!is_sound(put)) {
		job_end(job, &(struct sftp_end){ .fate = NET_NEVER, .why = "request" });
		return;
	}
	transfer = transfer_take(loop, transfer_end, job);
	if (transfer != NULL) {
		transfer_limit(transfer, &put->seconds);
		put_options(transfer->easy, job, put);
		if (transfer_start(transfer))
			return;
	}
	job_end(job, &(struct sftp_end){ .fate = NET_LATER, .unreached = true, .why = "memory" });
}
