#!/bin/sh
# `make install` puts the program, its manual page, the unit and the example
# schedules under DESTDIR and PREFIX, nothing else, and nothing that knows
# where it was built.
set -u
count=0 failed=0
ok() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		failed=1
	fi
}
to=$TMPDIR/root
log=$TMPDIR/log
make install DESTDIR="$to" PREFIX=/opt/purr >"$log" 2>&1
ok $? "make install" || cat "$log"
sed 's/^/# /' "$log" | tail -n 5

(cd "$to" && find . -type f | LC_ALL=C sort) >"$TMPDIR/got"
{
	echo ./opt/purr/bin/purr
	echo ./opt/purr/lib/systemd/system/purr.service
	find schedules -type f ! -name generate ! -name '*.py' | sed 's,^,./opt/purr/share/doc/purr/,'
	echo ./opt/purr/share/man/man1/purr.1
} | LC_ALL=C sort >"$TMPDIR/wanted"
diff "$TMPDIR/wanted" "$TMPDIR/got" | sed 's/^/# /'
cmp -s "$TMPDIR/wanted" "$TMPDIR/got"
ok $? "these files and no others"

"$to/opt/purr/bin/purr" --version | grep -q '^purr [0-9]'
ok $? "the installed program runs"
! grep -rqF "$PWD" "$to"
ok $? "no file knows where it was built"
! grep -rq '@[A-Z]*@' "$to/opt/purr/lib" "$to/opt/purr/share/man"
ok $? "nothing is left to fill in"
grep -q '^ExecStart=/opt/purr/bin/purr up ' "$to/opt/purr/lib/systemd/system/purr.service"
ok $? "the unit starts the installed program"
[ "$(find "$to" -type f -perm /022 | wc -l)" = 0 ]
ok $? "nobody else may write them"
make install DESTDIR="$to" PREFIX=/opt/purr >"$log" 2>&1
ok $? "a second time"
echo "1..$count"
exit $failed
