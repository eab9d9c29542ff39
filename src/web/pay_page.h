/* pay_page.h - the debtor's pages: /p/TOKEN, its forms, and /u/TOKEN.
 *
 * The pages know only struct pay_desk (model/pay_desk.h, where the engine can
 * see it too); the token in the path is the whole credential, there are no
 * cookies.  GET and HEAD look up and change nothing; POST acts.
 */
#ifndef WEB_PAY_PAGE_H
#define WEB_PAY_PAGE_H

#include "model/pay_desk.h"

#endif
