/* test_stop.c - messages that say stop and nothing else, and messages that a person must read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "inbound/stop.h"

#define LONG_NUMBER "+4520123456"
#define SHORT_CODE "1204"

static const char *const stops[] = {
	/* the words of each language */
	"STOP", "stop", "Stopall", "stop all", "Unsubscribe", "cancel", "END", "quit", "revoke",
	"opt out", "OPT-OUT", "optout", "opt me out", "remove", "Remove me", "unsubscribe me",
	"no thanks", "No, thank you!",
	"afmeld", "Afmeld mig", "frameld", "meld mig fra", "nej tak", "Nej tak.", "stop sms",
	"avslutt", "meld av", "Meld meg av", "avmeld", "nei takk", "stopp",
	"sluta", "avsluta", "Avregistrera", "avregistrera mig", "avanmäl", "nej tack",
	"lopeta", "Lopettakaa!", "peruuta", "seis", "poista", "Ei kiitos",
	"abmelden", "Abmeldung", "stoppen", "ende", "beenden", "Aufhören", "aufhoeren", "abbestellen",
	"Bitte melden Sie mich ab", "nein danke",
	"baja", "parar", "Cancelar", "no gracias", "arret", "arrêt", "ARRÊTER", "désabonner",
	"non merci", "afmelden", "uitschrijven", "СТОП",
	/* marks on letters */
	"Aufhoren", "Aufho\u0308ren", "arre\u0302t", "AVANMÄL", "avanmal", "s\u0336t\u0336o\u0336p\u0336",
	/* marks around */
	"  stop!! ", "\u201CSTOP\u201D", "\u201EStopp\u201C", "\u00ABSTOP\u00BB", "\u2019stop\u2019",
	"'stop'", "[STOP]", "{stop}", "<stop>", "stop\u2026", "stop \u2013", "stop \u2014 ", "*STOP*",
	"_stop_", "~stop~", "#STOP", "/stop/", "STOP=", "stop?", "\u00BFstop?", "\u3010STOP\u3011",
	/* what is not seen */
	"\u00A0STOP\u00A0", "STOP\u200B", "\uFEFFSTOP", "ST\u00ADOP", "\u200ESTOP\u200F", "STOP\u2028",
	"\tstop\r\n", "STOP\u2060",
	/* pictures */
	"STOP \U0001F64F", "\U0001F6D1STOP\U0001F6D1", "stop \u2764\uFE0F",
	"stop \U0001F468\u200D\U0001F469\u200D\U0001F467", "Stop \U0001F44D\U0001F3FD",
	/* other shapes of the letters */
	"\uFF33\uFF34\uFF2F\uFF30", "\U0001D412\U0001D413\U0001D40E\U0001D40F", "\u24E2\u24E3\u24DE\u24DF",
	"S.T.O.P", "S T O P", "s-t-o-p!",
	/* words around that ask for nothing else */
	"stop tak", "Stop nu", "stop venligst", "Hej, stop tak!", "tak, stop", "STOP STOP", "stop stop stop",
	"SMS STOP", "STOP SMS", "stop sms'er", "Please stop", "please STOP now, thank you", "stop pls",
	"Hi. Unsubscribe please", "ok stop", "nej, stop", "Nej tak, stop", "send stop", "svar STOP",
	"vennligst stopp", "Vær så snill, stopp", "stopp nå takk", "snälla sluta", "sluta nu tack",
	"Hei, lopeta kiitos", "lopeta heti", "lopeta viestit", "Bitte stoppen", "Stopp bitte, danke",
	"Hallo, bitte abmelden", "stop beskeder", "por favor, baja", "stop merci", "stop svp",
	/* who wrote it, and with what */
	"stop\n\nSent from my iPhone", "Stop\n\nSendt fra min iPhone", "stopp\n\nSkickat från min iPhone",
	"lopeta\n\nLähetetty iPhonesta", "Abmelden\n\nVon meinem iPhone gesendet",
	"baja\n\nEnviado desde mi iPhone", "arrêt\n\nEnvoyé de mon iPhone", "Stop\nMvh Anna",
	"Stop.\n\nMed venlig hilsen\nAnna Marie Sørensen\nTlf. +45 20 12 34 56", "stop m.v.h. Bo",
	"Sluta\n\nMed vänlig hälsning\nÅsa", "stopp\n\nMit freundlichen Grüßen\nJürgen Weiß",
	"unsubscribe\r\n\r\nKind regards,\r\nBo", "lopeta. Ystävällisin terveisin Päivi",
	"stop\n\n-- \nAnna Sørensen\nVibevej 7, 2. th.\nwww.example.test", "stop\r\n--\r\nBo",
	"stop tak\r\n\r\nSent from my Samsung Galaxy smartphone.\r\n",
	"stop\n\nHent Outlook til Android", "STOP\n\nGet Outlook for iOS",
	/* a keyword of a service that shares a number */
	"NORDLYS STOP", "\u201CNORDLYS STOP\u201D", "NORDLYS AFMELD",
};

#define TWENTY_STOPS "stop stop stop stop stop stop stop stop stop stop " \
	"stop stop stop stop stop stop stop stop stop stop "

static const char *const words[] = {
	"", " ", "...", "\U0001F64F", "tak", "please", "sms", "mvh Anna", "hej", "ok", "nej",
	"no", "Sent from my iPhone",
	/* the opposite */
	"don't stop", "don\u2019t stop", "dont stop", "DON'T STOP", "DONT STOP", "do not stop", "DO NOT STOP",
	"please do not stop sending", "Never stop", "NEVER STOP", "not stop", "can't stop", "CANNOT STOP",
	"non-stop", "NON STOP", "nonstop", "without stop",
	"ikke stop", "IKKE STOP", "stop ikke", "lad være med at stoppe", "kan ikke stoppe", "ikkje stopp",
	"IKKJE STOPP", "ikke afmeld", "IKKE AFMELD", "aldrig stop", "ALDRI STOPP", "inte stopp", "INTE STOPP",
	"sluta inte", "SLUTA INTE", "avsluta inte", "älä lopeta", "ÄLÄ LOPETA", "Älkää lopettako", "EI STOP",
	"nicht stoppen", "NICHT STOPP", "bitte nicht abmelden", "NICHT ABMELDEN", "kein Ende", "nie aufhören",
	"no parar", "ne pas arrêter", "niet stoppen", "не стоп", "НЕ СТОП", "NO STOP",
	/* another stop */
	"bus stop", "BUS STOP", "busstop", "full stop", "pit stop", "the stop", "weekend", "week end", "WEEK END",
	"Wochenende", "am Ende", "bitter ende", "BITTER ENDE", "in the end", "I quit", "I QUIT", "cancellation",
	"stopped", "stopper", "endelig", "enden", "slut", "fin", "remover", "quits", "cancelled", "stoptegn",
	/* more than that */
	"stop it, I have paid already", "stop det", "stop and call me", "Stop! Jeg har betalt i går.",
	"stop\n\nI paid yesterday", "stop, betalt", "Jeg vil gerne stoppe aftalen", "cancel invoice 1042",
	"cancel my subscription", "remove the fee please", "fjern gebyret tak", "nej tak, jeg har betalt",
	"no thanks, I paid", "why should I stop", "how do I unsubscribe from the paper",
	"stop skriv til min advokat", "end of month", "End of story", "ende januar bezahle ich",
	"Ich bezahle am Ende des Monats", "Kan I stoppe?", "hvornår stopper det", "Jag vill avsluta avtalet",
	"voitteko lopettaa laskun", "kan du sluta skicka brev hem till mig", "stop sending me letters at work",
	"Bitte melden Sie sich", "meld mig", "quiero darme de baja del gimnasio", "STOP THIEF", "STOP 100",
	"stop von meinem Konto abzubuchen", "stop, lähetetty lasku on jo maksettu",
	"stop sent from my account without asking", "stop\nlähetetty lasku on jo maksettu",
	"stop mvh Anna jeg har betalt i går og vil", "stop\n\nSent from my iPhone that you may call at any time",
	"Jeg har betalt i går", "Ring mig tirsdag \U0001F600", "nordlys stop", "Nordlys stop", "TO ORD STOP",
	"NORDLYS END", "NORDLYS STOP TAK", "START", "help", "ja tak", "сто", "ST0P",
	(TWENTY_STOPS TWENTY_STOPS TWENTY_STOPS TWENTY_STOPS TWENTY_STOPS "and then some"),
	("\xFF" "stop"),
};

static const struct {
	const char	*text, *to;
	bool		 stop;
} keyed[] = {
	{ "Nordlys stop", SHORT_CODE, true },
	{ "nordlys STOP tak", SHORT_CODE, true },
	{ "NORDLYS Afmeld", "451204", true },
	{ "nordlys: stop!", "+451204", true },
	{ "nordlys unsubscribe please", SHORT_CODE, true },
	{ "Nordlys stopp\n\nSkickat från min iPhone", SHORT_CODE, true },
	{ "stop", SHORT_CODE, true },
	{ "Nordlys stop", LONG_NUMBER, false },
	{ "Nordlys stop", "4520123456", false },
	{ "Nordlys stop", "Nordlys", false },
	{ "Nordlys stop", "", false },
	{ "nordlys jeg har betalt", SHORT_CODE, false },
	{ "nordlys stop det", SHORT_CODE, false },
	{ "nordlys ikke stop", SHORT_CODE, false },
	{ "ikke stop", SHORT_CODE, false },
	{ "don't stop", SHORT_CODE, false },
	{ "i quit", SHORT_CODE, false },
	{ "week end", SHORT_CODE, false },
	{ "nordlys", SHORT_CODE, false },
	{ "", SHORT_CODE, false },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_stops(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stops); i++) {
		if (!stop_is_all(stops[i], LONG_NUMBER))
			fail_msg("not understood: '%s'", stops[i]);
		if (!stop_is_all(stops[i], ""))
			fail_msg("not understood in a mail: '%s'", stops[i]);
	}
}

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++)
		if (stop_is_all(words[i], LONG_NUMBER))
			fail_msg("taken for a stop: '%s'", words[i]);
}

static void test_keyed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keyed); i++)
		if (stop_is_all(keyed[i].text, keyed[i].to) != keyed[i].stop)
			fail_msg("'%s' to '%s'", keyed[i].text, keyed[i].to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stops), cmocka_unit_test(test_words), cmocka_unit_test(test_keyed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
