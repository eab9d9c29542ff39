/* letter.h - from a contact and its dossier to the finished message: facts,
 * link, addresses, ids, words.
 *
 * Everything that identifies a message (link token, Message-ID, return path,
 * MIME boundary) is derived from the contact's id with the workspace's key, so
 * that a second try carries the same ones.
 */
#ifndef ENGINE_LETTER_H
#define ENGINE_LETTER_H

#include "engine/dossier.h"
#include "model/message.h"

#define LINK_GENERATION 1

/* Token of a contact's link, and the hash under which it is stored. */
void	letter_token(const struct engine *, int64_t contact_id, int generation,
	    char token[TOKEN_TEXT_BYTES]);
void	letter_token_hash(const char *token, char out[HASH_HEX_BYTES]);

/* The secret of its return path: bounces+TOKEN@domain. */
void	letter_return_token(const struct engine *, int64_t contact_id,
	    char token[TOKEN_TEXT_BYTES]);

/* What stands before the @ of its Message-ID. */
void	letter_message_token(const struct engine *, int64_t contact_id,
	    char token[TOKEN_TEXT_BYTES]);

/* The message of a decision made on the dossier.  Texts are children of `ctx`. */
bool	letter_make(struct engine *, void *ctx, const struct dossier *,
	    const struct contact_record *, const struct decision *, instant_t now,
	    struct message *, struct err *);

#endif
