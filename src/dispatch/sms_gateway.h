/* sms_gateway.h - how one provider of SMS is asked, and what its answer means.
 *
 * Everything else about sending an SMS is the same for all of them and stands in
 * driver_sms.c: parts are counted, a text whose time is over is not begun, the
 * request goes out once.
 *
 *   kannel      own gateway, or what speaks its sendsms interface; validity in minutes
 *   twilio      REST API of 2010-04-01; validity 1 to 36,000 s
 *   gatewayapi  REST API /rest/mtsms; validity from 60 s
 *   46elks      REST API /a1/sms; no validity: a message may arrive later than it should
 *
 * None has a key that makes a second request harmless, so whatever ends without a
 * clear answer is unknown.  A report of what became of the message comes to
 * dlr_url (inbound/sms_hook.h), also for one that was unknown.
 *
 * Source:  the providers' documentation; each file names its own.
 * Memory:  requests are made on the job's context.
 * Threads: pure.
 */
#ifndef DISPATCH_SMS_GATEWAY_H
#define DISPATCH_SMS_GATEWAY_H

#include <jansson.h>

#include "dispatch/dispatch.h"
#include "dispatch/inquiry.h"
#include "model/sms.h"
#include "net/http.h"

#define SMS_WORD_LOGIN "login"		/* the operator's matter: nothing reaches anybody */

struct sms_account {
	const char	*url, *user, *password;
};

struct sms_order {
	void			*ctx;
	const struct sms_account *account;
	const struct message	*message;
	const char		*dlr_url;	/* where its reports go; NULL, "": nowhere */
	struct sms_size		 size;
	int64_t			 validity_seconds;	/* 0: no limit */
};

#define SMS_LISTED_MAX 50		/* a list of so many is never cut */

/* Messages that left, newest first. */
struct sms_listed {
	const char		*id, *to, *text;
	instant_t		 made_at;	/* 0: not to be read */
	enum inquiry_answer	 state;
};

struct sms_list {
	struct sms_listed	 one[SMS_LISTED_MAX];
	size_t			 count;
	bool			 whole;		/* goes back to the beginning */
};

struct sms_gateway {
	const char	*name;
	const char	*url;			/* where nothing else is set; "": must be set */
	const char	*user_is, *password_is;	/* in words; NULL: it can do without */
	bool		 takes_services;	/* a sender may be a service's SID */
	bool		 strict_names;		/* of senders: see sms_sender.c */
	/* False: the message cannot be asked for.  The request's texts live on ctx. */
	bool		(*ask)(const struct sms_order *, struct http_request *);
	/* result holds the reply's fate; detail and what the provider's words change. */
	void		(*judge)(const struct http_reply *, struct dispatch_result *,
			    bool *unreached);
	/* What a message in doubt is asked for by (inquiry.h): the address of a GET that lists
	 * the newest messages to a number, or to all (NULL); and how its answer is read.  NULL
	 * both: the provider cannot be asked. */
	const char	*(*inquire)(void *ctx, const struct sms_account *, const char *to);
	/* The texts of the list live in what is returned; NULL: that is no list. */
	json_t		*(*list)(const char *body, struct sms_list *);
};

extern const struct sms_gateway sms_kannel, sms_twilio, sms_gatewayapi, sms_46elks;

/* By the name in the settings; NULL: there is none. */
const struct sms_gateway	*sms_gateway_find(const char *name);

/* The account of a way's settings, which are sound (way_rules.h); its URL is the provider's own
 * where none is set. */
bool	sms_account_read(void *ctx, const struct sms_gateway *, const struct dispatch_way *,
	    struct sms_account *, struct err *);
/* For judge(): the provider is at fault, or we, and not the recipient. */
void	sms_operator_matter(struct dispatch_result *, bool *unreached, const char *word);
/* A messaging service's SID, as Twilio has them: "MG" and 32 more. */
bool	sms_is_service(const char *from);
/* A form's pair, "&" before all but the first. */
void	sms_pair_put(struct str *, const char *name, const char *value);
/* Whatever was not clearly said: also every 5xx but 503. */
void	sms_doubt(const struct http_reply *, struct dispatch_result *);

#endif
