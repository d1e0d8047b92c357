#!/bin/sh
# restore.sh COPY KEYS: brings a copy made by backup.sh back into an empty database (the settings say which), gives it
# the keys of periods that may still be read, takes out what is past its time, and follows the journal. Nothing is
# written over: a database that is there is a refusal. Stop every serve and worker first.
set -eu
umask 077
copy=${1:?copy made by backup.sh}
keys=${2:?file period-keys.json in its newest state}
if [ ! -f "$copy" ] || [ ! -f "$keys" ]; then
    echo "restore: no such copy or keys file" >&2
    exit 1
fi
case "${CALLBOT_STORAGE__URL:-}" in
postgresql*)
    tables=$(psql --no-psqlrc --tuples-only --no-align --command \
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
    test "$tables" -eq 0 || { echo "restore: the database is not empty" >&2; exit 1; }
    pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="${PGDATABASE:?}" "$copy"
    ;;
*)
    case "${CALLBOT_STORAGE__URL:-}" in
    sqlite*:///*) target=${CALLBOT_STORAGE__URL#*:///} ;;
    *) target="${CALLBOT_DATA_DIR:-var}/callbot.db" ;;
    esac
    test ! -e "$target" || { echo "restore: $target is there already" >&2; exit 1; }
    cp "$copy" "$target.part"
    mv "$target.part" "$target"
    ;;
esac
callbot privacy restore-keys "$keys"
callbot privacy purge
callbot privacy journal verify
