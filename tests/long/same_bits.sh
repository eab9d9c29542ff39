#!/bin/sh
# time-limit: 1800
# The same source gives the same program, bit for bit, in whatever directory,
# zone and language it is built, and with whatever umask.
set -u
make_copy() {
	mkdir -p "$1" && tar c Makefile src templates schedules | tar x -C "$1"
}
one=$TMPDIR/a
two=$TMPDIR/another/and/longer/place
make_copy "$one" && make_copy "$two" || exit 1
(cd "$one" && TZ=UTC make -s V=release all) >"$TMPDIR/log" 2>&1 || cat "$TMPDIR/log"
(cd "$two" && umask 077 && LC_ALL=C TZ=Asia/Tokyo make -s -j2 V=release all) >"$TMPDIR/log" 2>&1 ||
	cat "$TMPDIR/log"
sum() { sha256sum <"$1/build/release/purr"; }
echo "# $(sum "$one")"
echo "# $(sum "$two")"
echo 1..1
if [ -s "$one/build/release/purr" ] && [ "$(sum "$one")" = "$(sum "$two")" ]; then
	echo "ok 1 - the same bits twice"
else
	echo "not ok 1 - the same bits twice"
	exit 1
fi
