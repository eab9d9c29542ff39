/* abode.c - see abode.h.
 *
 * One row of the table for each state: its zones (a letter each), the area codes
 * and the first three digits of the ZIP codes that belong to it.
 */
#include "base/abode.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"

#define CITY "NYC"
#define CITY_STATE "NY"
#define COUNTRY_CODE "+1"
#define NUMBER_DIGITS 10
#define ZIP_DIGITS 5
#define PREFIX_DIGITS 3		/* of an area code, and of a ZIP code that tells a state */

/* The first eight are those of the fifty states and D.C., from east to west. */
static const struct { char letter; const char *name; } zones[] = {
	{ 'E', "America/New_York" }, { 'C', "America/Chicago" }, { 'M', "America/Denver" },
	{ 'A', "America/Phoenix" }, { 'P', "America/Los_Angeles" }, { 'K', "America/Anchorage" },
	{ 'L', "America/Adak" }, { 'H', "Pacific/Honolulu" }, { 'Q', "America/Puerto_Rico" },
	{ 'G', "Pacific/Guam" }, { 'S', "Pacific/Pago_Pago" }, { 'T', "America/Halifax" },
	{ 'N', "America/St_Johns" }, { 'R', "America/Regina" }, { 'J', "America/Jamaica" },
};
#define ZONES (sizeof(zones) / sizeof(zones[0]))
#define ZONES_OF_STATES 8
_Static_assert(ZONES + 1 <= ABODE_ZONES_MAX, "the ledger's own zone comes on top");

static const struct state {
	const char	*name;
	const char	*zones;
	const char	*area_codes;
	const char	*zips;		/* prefixes and ranges of them; "": no state */
} states[] = {
	{ "AL", "C", "205 251 256 334 659 938", "350-352 354-369" },
	{ "AK", "KL", "907", "995-999" },
	{ "AZ", "MA", "480 520 602 623 928", "850-853 855-857 859-860 863-865" },
	{ "AR", "C", "327 479 501 870", "716-729" },
	{ "CA", "P", "209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 "
	    "626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 837 840 858 "
	    "909 916 925 949 951",
	    "900-908 910-928 930-961" },
	{ "CO", "M", "303 719 720 748 970 983", "800-816" },
	{ "CT", "E", "203 475 860 959", "060-069" },
	{ "DE", "E", "302", "197-199" },
	{ "DC", "E", "202 771", "200 202-205 569" },
	{ "FL", "EC", "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 "
	    "850 863 904 941 954",
	    "320-339 341-342 344 346-347 349" },
	{ "GA", "E", "229 404 470 478 678 706 762 770 912 943", "300-319 398-399" },
	{ "HI", "H", "808", "967-968" },
	{ "ID", "MP", "208 986", "832-838" },
	{ "IL", "C", "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872 "
	    "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872",
	    "600-620 622-629" },
	{ "IN", "EC", "219 260 317 463 574 765 812 930", "460-479" },
	{ "IA", "C", "319 515 563 641 712", "500-516 520-528" },
	{ "KS", "CM", "316 620 785 913", "660-662 664-679" },
	{ "KY", "EC", "270 364 502 606 859", "400-418 420-427" },
	{ "LA", "C", "225 318 337 457 504 985", "700-701 703-708 710-714" },
	{ "ME", "E", "207", "039-049" },
	{ "MD", "E", "227 240 301 410 443 667", "206-212 214-219" },
	{ "MA", "E", "339 351 413 508 617 774 781 857 978", "010-027 055" },
	{ "MI", "EC", "231 248 269 313 517 586 616 679 734 810 906 947 989", "480-499" },
	{ "MN", "C", "218 320 507 612 651 763 924 952", "550-551 553-567" },
	{ "MS", "C", "228 471 601 662 769", "386-397" },
	{ "MO", "C", "235 314 417 557 573 636 660 816 975", "630-631 633-641 644-658" },
	{ "MT", "M", "406", "590-599" },
	{ "NE", "CM", "308 402 531", "680-681 683-693" },
	{ "NV", "MP", "702 725 775", "889-891 893-895 897-898" },
	{ "NH", "E", "603", "030-038" },
	{ "NJ", "E", "201 551 609 640 732 848 856 862 908 973", "070-089" },
	{ "NM", "M", "505 575", "870-871 873-875 877-884" },
	{ "NY", "E", "212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 "
	    "914 917 929 934",
	    "005 063 100-149" },
	{ "NC", "E", "252 336 472 704 743 828 910 919 980 984", "270-289" },
	{ "ND", "CM", "701", "580-588" },
	{ "OH", "E", "216 220 234 283 326 330 380 419 436 440 513 567 614 740 937",
	    "430-459" },
	{ "OK", "CM", "405 539 572 580 918", "730-731 734-741 743-749" },
	{ "OR", "MP", "458 503 541 971", "970-979" },
	{ "PA", "E", "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878",
	    "150-196" },
	{ "RI", "E", "401", "028-029" },
	{ "SC", "E", "803 821 839 843 854 864", "290-299" },
	{ "SD", "CM", "605", "570-577" },
	{ "TN", "EC", "423 615 629 731 865 901 931", "370-385" },
	{ "TX", "CM", "210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 "
	    "817 830 832 903 915 936 940 945 956 972 979",
	    "733 739 750-770 772-799 885" },
	{ "UT", "M", "385 435 801", "840-847" },
	{ "VT", "E", "802", "050-054 056-059" },
	{ "VA", "E", "276 434 540 571 686 703 757 804 826 948", "201 220-246" },
	{ "WA", "P", "206 253 360 425 509 564", "980-986 988-994" },
	{ "WV", "E", "304 681", "247-268" },
	{ "WI", "C", "262 274 353 414 534 608 715 920", "530-532 534-535 537-549" },
	{ "WY", "M", "307", "820-831 834" },
	{ "PR", "Q", "787 939", "006-007 009" },
	{ "VI", "Q", "340", "008" },
	{ "GU", "G", "671", "969" },
	{ "MP", "G", "670", "969" },
	{ "AS", "S", "684", "967" },
	/* Canada and the islands: no states, but their telephones may be American debtors'. */
	{ "AB", "M", "368 403 587 780 825", "" },
	{ "BC", "MAP", "236 250 257 604 672 778", "" },
	{ "MB", "C", "204 431 584", "" },
	{ "NB", "T", "428 506", "" },
	{ "NL", "QTN", "709 879", "" },
	{ "NS", "T", "782 902", "" },
	{ "ON", "ECJ", "226 249 289 343 365 382 387 416 437 519 548 613 647 683 705 742 753 807 "
	    "905 942", "" },
	{ "QC", "EQT", "263 354 367 418 438 450 468 514 579 581 819 873", "" },
	{ "SK", "CMR", "306 474 639", "" },
	{ "YT", "ECMAPR", "867", "" },
	{ "AIA", "Q", "264", "" },
	{ "ATG", "Q", "268", "" },
	{ "BHS", "E", "242", "" },
	{ "BMU", "T", "441", "" },
	{ "BRB", "Q", "246", "" },
	{ "CYM", "J", "345", "" },
	{ "DMA", "Q", "767", "" },
	{ "DOM", "Q", "809 829 849", "" },
	{ "GRD", "Q", "473", "" },
	{ "JAM", "J", "658 876", "" },
	{ "KNA", "Q", "869", "" },
	{ "LCA", "Q", "758", "" },
	{ "MSR", "Q", "664", "" },
	{ "SXM", "Q", "721", "" },
	{ "TCA", "E", "649", "" },
	{ "TTO", "Q", "868", "" },
	{ "VCT", "Q", "784", "" },
	{ "VGB", "Q", "284", "" },
};
#define STATES (sizeof(states) / sizeof(states[0]))

/* ZIP codes of the five boroughs: these prefixes, and two codes of one that it
 * shares with its neighbours. */
static const char city_zips[] = "100-104 111-114 116";
static const char *const city_codes[] = { "11004", "11005" };

/* The number in the first digits of a text, or -1. */
static int digits_read(const char *text, size_t count)
{
	int n = 0;

	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + (text[i] - '0');
	}
	return n;
}

/* Does "100-104 111" hold a number of three digits? */
static bool ranges_hold(const char *ranges, int number)
{
	for (const char *s = ranges; *s != '\0'; s += *s == ' ') {
		const int from = digits_read(s, PREFIX_DIGITS);
		int to = from;

		s += PREFIX_DIGITS;
		if (*s == '-') {
			to = digits_read(s + 1, PREFIX_DIGITS);
			s += 1 + PREFIX_DIGITS;
		}
		if (number >= from && number <= to)
			return true;
	}
	return false;
}

/* --- zones ----------------------------------------------------------------------- */

static void add_zone(struct abode *out, const char *name, unsigned teller)
{
	for (size_t i = 0; i < out->zone_count; i++) {
		if (strcmp(out->zones[i].name, name) == 0) {
			out->zones[i].told_by |= teller;
			return;
		}
	}
	must(out->zone_count < ABODE_ZONES_MAX);
	out->zones[out->zone_count++] = (struct abode_zone){ name, teller };
}

static void add_zones(struct abode *out, const struct state *state, unsigned teller)
{
	for (size_t i = 0; i < ZONES; i++)
		if (strchr(state->zones, zones[i].letter) != NULL)
			add_zone(out, zones[i].name, teller);
}

static void add_phone(struct abode *out, const char *phone)
{
	const size_t head = strlen(COUNTRY_CODE);
	int code;

	if (strncmp(phone, COUNTRY_CODE, head) != 0 || strlen(phone) != head + NUMBER_DIGITS)
		return;
	code = digits_read(phone + head, PREFIX_DIGITS);
	for (size_t i = 0; i < STATES; i++)
		if (ranges_hold(states[i].area_codes, code))
			add_zones(out, &states[i], ABODE_BY_PHONE);
}

/* --- states ---------------------------------------------------------------------- */

static void add_region(struct abode *out, const char *name)
{
	const size_t len = strlen(out->region);
	const int n = snprintf(out->region + len, sizeof(out->region) - len, "%s%s",
	    len > 0 ? " " : "", name);

	must(n > 0 && (size_t)n < sizeof(out->region) - len);
}

/* The first three digits of a ZIP code, or -1. */
static int zip_prefix(const char *postcode)
{
	const size_t len = strlen(postcode);

	if (len < ZIP_DIGITS || digits_read(postcode, ZIP_DIGITS) < 0 ||
	    (len > ZIP_DIGITS && postcode[ZIP_DIGITS] != '-'))
		return -1;
	return digits_read(postcode, PREFIX_DIGITS);
}

static bool zip_is_of_city(const char *postcode)
{
	for (size_t i = 0; i < sizeof(city_codes) / sizeof(city_codes[0]); i++)
		if (strncmp(postcode, city_codes[i], ZIP_DIGITS) == 0)
			return true;
	return ranges_hold(city_zips, zip_prefix(postcode));
}

/* The states of the address; a ZIP code that none has says as little as none. */
static void add_address(struct abode *out, const struct abode_question *q, bool tells_zone)
{
	const bool city = strcmp(q->region, CITY) == 0;
	const char *named = city ? CITY_STATE : q->region;
	const int prefix = zip_prefix(q->postcode);
	bool in_state = false, zip_known = false;

	for (size_t i = 0; i < STATES; i++) {
		const bool by_zip = prefix >= 0 && states[i].zips[0] != '\0' &&
		    ranges_hold(states[i].zips, prefix);

		zip_known |= by_zip;
		if (states[i].zips[0] == '\0' || (!by_zip && strcmp(states[i].name, named) != 0))
			continue;
		in_state |= strcmp(states[i].name, CITY_STATE) == 0;
		add_region(out, states[i].name);
		if (tells_zone)
			add_zones(out, &states[i], ABODE_BY_ADDRESS);
	}
	if (city || (in_state && (!zip_known || zip_is_of_city(q->postcode))))
		add_region(out, CITY);
}

void abode_find(const struct abode_question *q, struct abode *out)
{
	*out = (struct abode){ 0 };
	if (q->zone[0] != '\0')
		add_zone(out, q->zone, ABODE_BY_LEDGER);
	add_address(out, q, q->zone[0] == '\0');
	for (size_t i = 0; i < q->phone_count; i++)
		add_phone(out, q->phones[i]);
	for (size_t i = 0; out->zone_count == 0 && i < ZONES_OF_STATES; i++)
		out->zones[i] = (struct abode_zone){ zones[i].name, 0 };
	if (out->zone_count == 0)
		out->zone_count = ZONES_OF_STATES;
}

bool abode_is_region(const char *name)
{
	for (size_t i = 0; i < STATES; i++)
		if (states[i].zips[0] != '\0' && strcmp(states[i].name, name) == 0)
			return true;
	return strcmp(name, CITY) == 0;
}
