/* sms_hook_each.h - what the providers' files of sms_hook.h share (inside inbound/ only). */
#ifndef INBOUND_SMS_HOOK_EACH_H
#define INBOUND_SMS_HOOK_EACH_H

#include "inbound/pairs.h"
#include "inbound/sms_hook.h"

typedef enum hook_verdict hook_report_fn(void *ctx, const struct hook_call *,
    const struct sms_hook_keys *, struct sms_report *);
typedef enum hook_verdict hook_reply_fn(void *ctx, const struct hook_call *,
    const struct sms_hook_keys *, struct sms_reply *);

hook_report_fn	hook_twilio_report, hook_gatewayapi_report;
hook_reply_fn	hook_twilio_reply, hook_gatewayapi_reply;

#endif
