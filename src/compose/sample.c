/* sample.c - see sample.h.  The sums: the balances of the overdue invoices and
 * the new fee make what is asked for.  The same claim in each language, in the
 * money of its home. */
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

/* Before the due date nothing is overdue and nothing was paid; later the first
 * invoice is partly paid; for the last steps an earlier fee is in it, and one
 * more is set aside. */
#define CLAIM(tag, money, september, october, november, aside) \
	static const struct fact_invoice upcoming_##tag[] = { \
		{ "1090", november, money, 29500, 29500, 0, 0, 0, \
		  DAY_2026_11_16, DAY_2026_11_26, false, false }, \
	}; \
	static const struct fact_invoice late_##tag[] = { \
		{ "1042", september, money, 150000, 125000, 0, 0, 0, \
		  DAY_2026_10_02, DAY_2026_10_16, true, false }, \
		{ "1067", october, money, 39500, 39500, 0, 0, 0, \
		  DAY_2026_10_19, DAY_2026_11_02, true, false }, \
		{ "1090", november, money, 29500, 29500, 0, 0, 0, \
		  DAY_2026_11_16, DAY_2026_11_30, false, false }, \
	}; \
	static const struct fact_invoice later_##tag[] = { \
		{ "1042", september, money, 150000, 135000, 0, 10000, 0, \
		  DAY_2026_10_02, DAY_2026_10_16, true, false }, \
		{ "1067", october, money, 39500, 39500, 0, 0, 0, \
		  DAY_2026_10_19, DAY_2026_11_02, true, false }, \
		{ "1071", aside, money, 62000, 62000, 0, 0, 0, \
		  DAY_2026_10_19, DAY_2026_11_02, true, true }, \
		{ "1090", november, money, 29500, 29500, 0, 0, 0, \
		  DAY_2026_11_16, DAY_2026_11_30, false, false }, \
	}; \
	static const struct fact_total totals_##tag[SAMPLE_TOTALS] = { \
		[TOTAL_UPCOMING] = { money, 29500, 29500, 0 }, \
		[TOTAL_LATE] = { money, 164500, 194000, 0 }, \
		[TOTAL_FEE] = { money, 184500, 214000, 10000 }, \
		[TOTAL_NOTICE] = { money, 174500, 204000, 0 }, \
	}

enum { TOTAL_UPCOMING, TOTAL_LATE, TOTAL_FEE, TOTAL_NOTICE, SAMPLE_TOTALS };

CLAIM(da, "DKK", "Havearbejde i september", "Havearbejde i oktober", "Havearbejde i november",
    "Beskæring af frugttræer");
CLAIM(en, "DKK", "Garden work in September", "Garden work in October",
    "Garden work in November", "Pruning of fruit trees");
CLAIM(nb, "NOK", "Hagearbeid i september", "Hagearbeid i oktober", "Hagearbeid i november",
    "Beskjæring av frukttrær");
CLAIM(sv, "SEK", "Trädgårdsarbete i september", "Trädgårdsarbete i oktober",
    "Trädgårdsarbete i november", "Beskärning av fruktträd");
CLAIM(fi, "EUR", "Puutarhatyö syyskuussa", "Puutarhatyö lokakuussa",
    "Puutarhatyö marraskuussa", "Hedelmäpuiden leikkaus");
CLAIM(de, "EUR", "Gartenarbeiten im September", "Gartenarbeiten im Oktober",
    "Gartenarbeiten im November", "Schnitt der Obstbäume");

#define LINKS(site) { site "/p/Zm9yLXRlc3Qtb25seS1vaw", site "/u/Zm9yLXRlc3Qtb25seS1vaw" }

/* The second creditor of each language: about the longest that a register
 * holds in practice, a name of 40 letters, a telephone number with its
 * country. */
static const struct sample_place {
	const char			*lang, *country;
	struct fact_creditor		 creditor[2];	/* ordinary, long-winded */
	const char			*debtor;
	struct { const char *page, *stop; } link[2];
	const struct fact_invoice	*upcoming, *late, *later;
	const struct fact_total		*totals;
} places[] = {
#define CLAIM_OF(tag) upcoming_##tag, late_##tag, later_##tag, totals_##tag
#define DANISH_CREDITORS(account_word) { \
	{ "Lillebæk Haveservice ApS", "70 10 20 30", "hej@lillebaek.example", "Møllevej 4", \
	  "5220", "Odense SØ", "CVR 12345678", account_word, "Lillebæk Haveservice ApS" }, \
	{ "Midtsjællands Fjernvarme og Vand A.m.b.a.", "+45 70 10 20 30", \
	  "kundeservice@midtsj-fjernvarme.example", "Gammel Kongevej 1234, 5. sal", "4100", \
	  "Ringsted", "CVR 87654321", account_word, "Midtsjællands Fjernvarme og Vand A.m.b.a." } }
#define DANISH_LINKS { LINKS("https://betal.lillebaek.example"), \
	LINKS("https://betaling.midtsj-fjernvarme.example") }
	{ "da", "DK", DANISH_CREDITORS("reg. 1234 konto 0012345678"), "Anna Sørensen",
	  DANISH_LINKS, CLAIM_OF(da) },
	{ "en", "DK", DANISH_CREDITORS("reg. 1234 account 0012345678"), "Anna Sørensen",
	  DANISH_LINKS, CLAIM_OF(en) },
	{ "nb", "NO", {
	  { "Bjørkelia Hageservice AS", "22 10 20 30", "hei@bjorkelia.example", "Bjørkeveien 4",
	    "0667", "Oslo", "Org.nr. 912 345 678 MVA", "1234 56 78903", "Bjørkelia Hageservice AS" },
	  { "Nordre Gudbrandsdal Fjernvarme og Vann SA", "+47 22 10 20 30",
	    "kundeservice@nordre-fjernvarme.example", "Gamle Kongevei 1234, 5. etg.", "2640",
	    "Vinstra", "Org.nr. 987 654 321 MVA", "1234 56 78903",
	    "Nordre Gudbrandsdal Fjernvarme og Vann SA" } },
	  "Kari Ødegård",
	  { LINKS("https://betal.bjorkelia.example"), LINKS("https://betaling.nordre-fjernvarme.example") },
	  CLAIM_OF(nb) },
	{ "sv", "SE", {
	  { "Björkbackens Trädgård AB", "08-10 20 30", "hej@bjorkbacken.example", "Kvarnvägen 4",
	    "123 45", "Farsta", "Org.nr 556123-4567", "bankgiro 123-4567",
	    "Björkbackens Trädgård AB" },
	  { "Västra Götalands Fjärrvärme och Vatten AB", "+46 8 10 20 30",
	    "kundservice@vg-fjarrvarme.example", "Gamla Kungsvägen 1234, 5 tr", "541 00",
	    "Skövde", "Org.nr 556765-4321", "bankgiro 765-4321",
	    "Västra Götalands Fjärrvärme och Vatten AB" } },
	  "Åsa Lindström",
	  { LINKS("https://betala.bjorkbacken.example"), LINKS("https://betalning.vg-fjarrvarme.example") },
	  CLAIM_OF(sv) },
	{ "fi", "FI", {
	  { "Koivumäen Puutarhapalvelu Oy", "09 102 030", "hei@koivumaki.example", "Myllytie 4",
	    "00640", "Helsinki", "Y-tunnus 1234567-8", "FI21 1234 5600 0007 85",
	    "Koivumäen Puutarhapalvelu Oy" },
	  { "Pohjois-Savon Kaukolämpö ja Vesihuolto Oy", "+358 9 102 030",
	    "asiakaspalvelu@ps-kaukolampo.example", "Vanha Kuninkaantie 1234 A 5", "70100",
	    "Kuopio", "Y-tunnus 8765432-1", "FI21 1234 5600 0007 85",
	    "Pohjois-Savon Kaukolämpö ja Vesihuolto Oy" } },
	  "Päivi Mäkinen",
	  { LINKS("https://maksa.koivumaki.example"), LINKS("https://maksut.ps-kaukolampo.example") },
	  CLAIM_OF(fi) },
	{ "de", "DE", {
	  { "Birkenhof Gartenpflege GmbH", "030 102030", "hallo@birkenhof.example", "Mühlenweg 4",
	    "12683", "Berlin", "HRB 12345", "DE89 3704 0044 0532 0130 00",
	    "Birkenhof Gartenpflege GmbH" },
	  { "Stadtwerke Mittelfranken Fernwärme GmbH", "+49 30 10203040",
	    "kundenservice@mittelfranken-fernwaerme.example", "Alte Königstraße 1234", "91054",
	    "Erlangen", "HRB 54321", "DE89 3704 0044 0532 0130 00",
	    "Stadtwerke Mittelfranken Fernwärme GmbH" } },
	  "Jürgen Weiß",
	  { LINKS("https://zahlen.birkenhof.example"), LINKS("https://zahlung.mfr-fernwaerme.example") },
	  CLAIM_OF(de) },
};

#define ENGLISH 1			/* for a language without samples */

static const struct sample_place *place_of(const char *lang)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i].lang, lang) == 0)
			return &places[i];
	return &places[ENGLISH];
}

static void put_claim(struct message_facts *f, const struct fact_invoice *invoices,
    size_t count, const struct fact_total *total)
{
	f->invoices = invoices;
	f->invoice_count = count;
	f->totals = total;
	f->total_count = 1;
}

struct message_facts sample_facts(enum channel channel, const char *lang,
    const char *template, enum tone tone, enum sample_size size)
{
	const struct sample_place *place = place_of(lang);
	const bool notice = strcmp(template, "formal_notice") == 0;
	struct message_facts f = {
		.channel = channel, .lang = lang, .tone = tone, .template = template,
		.country = place->country, .law = place->country,
		.legal_notice = notice,
		.creditor = place->creditor[size],
		.debtor_name = place->debtor,
		.debtor_id = "K-2071",
		.today = DAY_2026_11_23,
		.deadline = DAY_2026_12_07,
		.reference = "202600010422", .payment_line = "", .payment_code = "",
		.link_url = place->link[size].page,
		.sender = "",
		.unsubscribe_url = place->link[size].stop,
	};

	if (strcmp(template, "heads_up") == 0) {
		f.deadline = DAY_NONE;
		put_claim(&f, place->upcoming, 1, &place->totals[TOTAL_UPCOMING]);
	} else if (strcmp(template, "friendly_reminder") == 0) {
		f.deadline = DAY_2026_11_30;
		put_claim(&f, place->late, 3, &place->totals[TOTAL_LATE]);
	} else {
		put_claim(&f, place->later, 4,
		    &place->totals[notice ? TOTAL_NOTICE : TOTAL_FEE]);
	}
	return f;
}
