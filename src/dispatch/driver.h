/* driver.h - what a way out of the house must offer to dispatch.c.
 *
 * A driver starts one message and later says once what became of it; it
 * neither retries nor remembers.  It may answer at once, inside start().
 *
 * Memory:  the job and its message live until ended() returns.
 */
#ifndef DISPATCH_DRIVER_H
#define DISPATCH_DRIVER_H

#include "dispatch/dispatch.h"
#include "net/fate.h"
#include "net/loop.h"

struct driver;
struct driver_job;
struct provider;
struct sms_gateway;

typedef void driver_ended_fn(struct driver_job *, const struct dispatch_result *,
    bool unreached);
typedef bool driver_leaving_fn(struct driver_job *);

struct driver_job {
	const struct message	*message;
	instant_t		 started;	/* when start() was called */
	bool			 second;	/* by the channel's second provider */
	driver_leaving_fn	*leaving;	/* the message's first byte is about to
						 * leave; false: it may not */
	driver_ended_fn		*ended;		/* `unreached`: the provider, not
						 * the recipient, was the trouble */
	void			*owner;
	void			*ctx;		/* talloc; freed after ended() */
	void			*state;		/* the driver's own */
};

struct driver {
	const char	*name;
	int		 connections_max;	/* messages under way at once */
	bool		 tells_leaving;		/* calls leaving() itself; else start() is
						 * taken for it */
	void		*state;
	void		(*start)(struct driver *, struct driver_job *);
};

/* Each returns NULL with *err set.  `ctx` is a talloc parent. */
struct driver	*driver_file_open(void *ctx, const struct dispatch_settings *, struct err *);
struct driver	*driver_smtp_open(void *ctx, const struct dispatch_way *,
		    const struct dispatch_settings *, struct net_loop *, struct err *);
struct driver	*driver_sms_open(void *ctx, const struct sms_gateway *,
		    const struct dispatch_way *, const struct dispatch_settings *,
		    struct net_loop *, struct err *);
struct driver	*driver_sftp_open(void *ctx, const struct dispatch_way *,
		    const struct dispatch_settings *, struct net_loop *, struct err *);
struct driver	*driver_pingen_open(void *ctx, const struct dispatch_way *,
		    const struct dispatch_settings *, struct net_loop *, struct err *);
struct driver	*driver_provider_open(void *ctx, const struct provider *);

/* First line of a file, as talloc text.  NULL (and ERR_INPUT) when it cannot
 * be read, is empty, or can be read by others; "" for no path. */
char	*driver_password_read(void *ctx, const char *path, struct err *);

enum send_outcome	driver_outcome(enum net_fate);

/* Ends the job with a closed word and no code. */
void	driver_end_plain(struct driver_job *, enum send_outcome, const char *word);

#endif
