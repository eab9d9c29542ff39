/* sftp.c - see sftp.h. */
#include "net/sftp.h"

#include <string.h>

#include <talloc.h>

#include "base/fault.h"
#include "base/must.h"
#include "net/transfer.h"

struct sftp_job {
	const char		*bytes;
	size_t			 len, at;
	struct curl_slist	*after;		/* what is done when the file is there */
	sftp_done_fn		*done;
	void			*arg;
};

static size_t bytes_give(char *to, size_t size, size_t count, void *arg)
{
	struct sftp_job *job = arg;
	size_t room = size * count;

	if (job->at == 0)
		fault_point("mid-wire");
	if (room > job->len - job->at)
		room = job->len - job->at;
	memcpy(to, job->bytes + job->at, room);
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

static void transfer_end(void *owner, CURL *easy, CURLcode code)
{
	struct sftp_job *job = owner;
	struct sftp_end end = { .fate = NET_TAKEN, .why = "" };

	(void)easy;
	if (code != CURLE_OK) {
		end.why = trouble(code);
		end.fate = job->at < job->len || code == CURLE_QUOTE_ERROR ? NET_LATER : NET_UNKNOWN;
		end.unreached = job->at == 0;
	}
	job_end(job, &end);
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

static void put_options(CURL *easy, struct sftp_job *job, const struct sftp_put *put)
{
	const char *path = path_of(put->url);
	char *url = talloc_asprintf(job, "%s/.%s", put->url, put->name);
	char *rename = talloc_asprintf(job, "rename \"%s/.%s\" \"%s/%s\"", path, put->name, path, put->name);

	must(url != NULL && rename != NULL);
	job->after = curl_slist_append(NULL, rename);
	(void)curl_easy_setopt(easy, CURLOPT_URL, url);
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
	(void)curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)put->len);
	(void)curl_easy_setopt(easy, CURLOPT_READFUNCTION, bytes_give);
	(void)curl_easy_setopt(easy, CURLOPT_READDATA, job);
	(void)curl_easy_setopt(easy, CURLOPT_POSTQUOTE, job->after);
}

void sftp_send(struct net_loop *loop, const struct sftp_put *put, sftp_done_fn *done, void *arg)
{
	struct sftp_job *job = talloc_zero(loop, struct sftp_job);
	struct transfer *transfer;

	must(job != NULL);
	*job = (struct sftp_job){ .bytes = put->bytes, .len = put->len, .done = done, .arg = arg };
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
