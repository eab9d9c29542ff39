/* sample.c - see sample.h.  The sums: the balances of the overdue invoices and
 * the new fee make what is asked for. */
#include "compose/sample.h"

#include <string.h>

/* Days since 1970-01-01. */
#define DAY_2026_10_02 20728
#define DAY_2026_10_16 20742
#define DAY_2026_10_19 20745
#define DAY_2026_11_02 20759
#define DAY_2026_11_16 20773
#define DAY_2026_11_23 20780
#define DAY_2026_11_26 20783
#define DAY_2026_11_30 20787
#define DAY_2026_12_07 20794

/* Before the due date: nothing is overdue, nothing was paid. */
static const struct fact_invoice upcoming_da[] = {
	{ "1090", "Havearbejde i november", "DKK", 29500, 29500, 0, 0, 0,
	  DAY_2026_11_16, DAY_2026_11_26, false, false },
};
static const struct fact_invoice upcoming_en[] = {
	{ "1090", "Garden work in November", "DKK", 29500, 29500, 0, 0, 0,
	  DAY_2026_11_16, DAY_2026_11_26, false, false },
};

/* The first is partly paid. */
static const struct fact_invoice late_da[] = {
	{ "1042", "Havearbejde i september", "DKK", 150000, 125000, 0, 0, 0,
	  DAY_2026_10_02, DAY_2026_10_16, true, false },
	{ "1067", "Havearbejde i oktober", "DKK", 39500, 39500, 0, 0, 0,
	  DAY_2026_10_19, DAY_2026_11_02, true, false },
	{ "1090", "Havearbejde i november", "DKK", 29500, 29500, 0, 0, 0,
	  DAY_2026_11_16, DAY_2026_11_30, false, false },
};
static const struct fact_invoice late_en[] = {
	{ "1042", "Garden work in September", "DKK", 150000, 125000, 0, 0, 0,
	  DAY_2026_10_02, DAY_2026_10_16, true, false },
	{ "1067", "Garden work in October", "DKK", 39500, 39500, 0, 0, 0,
	  DAY_2026_10_19, DAY_2026_11_02, true, false },
	{ "1090", "Garden work in November", "DKK", 29500, 29500, 0, 0, 0,
	  DAY_2026_11_16, DAY_2026_11_30, false, false },
};

/* An earlier fee is in the first, and one more invoice is set aside. */
static const struct fact_invoice later_da[] = {
	{ "1042", "Havearbejde i september", "DKK", 150000, 135000, 0, 10000, 0,
	  DAY_2026_10_02, DAY_2026_10_16, true, false },
	{ "1067", "Havearbejde i oktober", "DKK", 39500, 39500, 0, 0, 0,
	  DAY_2026_10_19, DAY_2026_11_02, true, false },
	{ "1071", "Beskæring af frugttræer", "DKK", 62000, 62000, 0, 0, 0,
	  DAY_2026_10_19, DAY_2026_11_02, true, true },
	{ "1090", "Havearbejde i november", "DKK", 29500, 29500, 0, 0, 0,
	  DAY_2026_11_16, DAY_2026_11_30, false, false },
};
static const struct fact_invoice later_en[] = {
	{ "1042", "Garden work in September", "DKK", 150000, 135000, 0, 10000, 0,
	  DAY_2026_10_02, DAY_2026_10_16, true, false },
	{ "1067", "Garden work in October", "DKK", 39500, 39500, 0, 0, 0,
	  DAY_2026_10_19, DAY_2026_11_02, true, false },
	{ "1071", "Pruning of fruit trees", "DKK", 62000, 62000, 0, 0, 0,
	  DAY_2026_10_19, DAY_2026_11_02, true, true },
	{ "1090", "Garden work in November", "DKK", 29500, 29500, 0, 0, 0,
	  DAY_2026_11_16, DAY_2026_11_30, false, false },
};

static const struct fact_total upcoming_total[] = { { "DKK", 29500, 29500, 0 } };
static const struct fact_total late_total[] = { { "DKK", 164500, 194000, 0 } };
static const struct fact_total fee_total[] = { { "DKK", 184500, 214000, 10000 } };
static const struct fact_total notice_total[] = { { "DKK", 174500, 204000, 0 } };

static const struct fact_creditor ordinary = {
	.name = "Lillebæk Haveservice ApS",
	.phone = "70 10 20 30",
	.email = "hej@lillebaek.example",
	.street = "Møllevej 4", .postcode = "5220", .city = "Odense SØ",
	.company_id = "CVR 12345678",
	.account_name = "Lillebæk Haveservice ApS",
};

/* About the longest that a register holds in practice: a name of 40 letters,
 * a telephone number with its country. */
static const struct fact_creditor long_winded = {
	.name = "Midtsjællands Fjernvarme og Vand A.m.b.a.",
	.phone = "+45 70 10 20 30",
	.email = "kundeservice@midtsj-fjernvarme.example",
	.street = "Gammel Kongevej 1234, 5. sal", .postcode = "4100", .city = "Ringsted",
	.company_id = "CVR 87654321",
	.account_name = "Midtsjællands Fjernvarme og Vand A.m.b.a.",
};

static void put_claim(struct message_facts *f, bool danish, const struct fact_invoice *da,
    const struct fact_invoice *en, size_t count, const struct fact_total *total)
{
	f->invoices = danish ? da : en;
	f->invoice_count = count;
	f->totals = total;
	f->total_count = 1;
}

struct message_facts sample_facts(enum channel channel, const char *lang,
    const char *template, enum tone tone, enum sample_size size)
{
	const bool danish = strcmp(lang, "da") == 0;
	const bool notice = strcmp(template, "formal_notice") == 0;
	struct message_facts f = {
		.channel = channel, .lang = lang, .tone = tone, .template = template,
		.legal_notice = notice,
		.creditor = size == SAMPLE_LONG ? long_winded : ordinary,
		.debtor_name = "Anna Sørensen",
		.debtor_id = "K-2071",
		.debtor_country = "DK",
		.today = DAY_2026_11_23,
		.deadline = DAY_2026_12_07,
		.reference = "202600010422",
		.link_url = "https://betal.lillebaek.example/p/Zm9yLXRlc3Qtb25seS1vaw",
		.unsubscribe_url = notice ? "" :
		    "https://betal.lillebaek.example/u/Zm9yLXRlc3Qtb25seS1vaw",
	};

	if (size == SAMPLE_LONG)
		f.link_url = "https://betaling.midtsj-fjernvarme.example/p/Zm9yLXRlc3Qtb25seS1vaw";
	f.creditor.account = danish ? "reg. 1234 konto 0012345678" : "reg. 1234 account 0012345678";
	if (strcmp(template, "heads_up") == 0) {
		f.deadline = DAY_NONE;
		put_claim(&f, danish, upcoming_da, upcoming_en, 1, upcoming_total);
	} else if (strcmp(template, "friendly_reminder") == 0) {
		f.deadline = DAY_2026_11_30;
		put_claim(&f, danish, late_da, late_en, 3, late_total);
	} else {
		put_claim(&f, danish, later_da, later_en, 4, notice ? notice_total : fee_total);
	}
	return f;
}
