/* wire_settings.h - what purr.conf says of the providers, as dispatch/ wants it.
 *
 * Memory:  texts are the settings' own or children of ctx.
 */
#ifndef ENGINE_WIRE_SETTINGS_H
#define ENGINE_WIRE_SETTINGS_H

#include "dispatch/dispatch.h"
#include "dispatch/way_rules.h"
#include "engine/engine.h"

/* The providers of SMS, [sms] and [sms_second]. */
enum sms_way { SMS_FIRST, SMS_SECOND, SMS_WAYS };

/* Its driver; "" or "file": there is no provider. */
const char	*sms_way_driver(const struct engine *, int way);
/* True: a provider that calls back and may be asked.  A scratch engine has none. */
bool		 sms_way_is_real(const struct engine *, int way);
struct dispatch_way	sms_way_settings(const struct engine *, void *ctx, int way);
/* Its driver and account, as one word: "twilio:0a1b2c3d4e5f"; "": it is not real. */
const char	*sms_way_name(const struct engine *, void *ctx, int way);
/* Of all that are real, with a blank between. */
const char	*sms_way_names(const struct engine *, void *ctx);
/* The file that holds the secret its calls are signed with; NULL: none. */
const char	*sms_way_secret_file(const struct engine *, void *ctx, int way);

/* A print house that calls back. */
bool		 letter_way_calls(const struct engine *);
/* The file with the key of its webhooks; NULL: none. */
const char	*letter_way_secret_file(const struct engine *, void *ctx);

struct dispatch_settings	wire_settings(const struct engine *, void *ctx);

/* Where purr.conf is wrong: the setting's line, or that of what asks for it; 0: nowhere. */
int		 wire_fault_line(const struct cfg *, const struct way_fault *);
/* Closes each provider whose settings cannot work, so that the others go on; says why, or
 * "".  A scratch engine and a made-up provider have none. */
void		 wire_close_unfit(const struct engine *, struct dispatch_settings *,
		    char said[ERR_TEXT_BYTES_MAX]);

#endif
