/* lix.h - how hard a text is to read, as one number.
 *
 * LIX = words / sentences + 100 * long words / words, where a long word has
 * more than six letters.  Below 25 is a children's book, 35 is light, 45 a
 * newspaper, 55 and more an official report.
 *
 * Judged is the prose: lines that end in a full stop or question mark.  A
 * list of invoices would only water the figure down; where no line is prose
 * (an SMS that ends in a telephone number), the whole text counts.  A token
 * with a digit, @ or / (a number, a date, an address) is no word.
 *
 * Source:  C.-H. Björnsson, "Läsbarhet", Stockholm 1968.
 * Threads: pure.
 */
#ifndef COMPOSE_LIX_H
#define COMPOSE_LIX_H

#define LIX_LONG_WORD_LETTERS 7

struct lix {
	int	words, long_words, sentences;
	int	value;		/* rounded; 0 when there are no words */
};

struct lix	lix_measure(const char *text);

#endif
