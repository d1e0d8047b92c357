#!/bin/sh
# backup.sh FOLDER KEYS_FOLDER [DAYS]: a copy of the running database without the keys of periods in FOLDER, these keys
# in KEYS_FOLDER (one file, its newest state only). Copies older than DAYS (35) go. Settings as for the service; for
# PostgreSQL libpq's own too (PGHOST, PGDATABASE, PGUSER, PGPASSFILE). What was not finished is never taken for a copy.
set -eu
umask 077
folder=${1:?folder for the copies}
keys=${2:?another folder, for the keys of periods}
days=${3:-35}
stamp=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder" "$keys"
if [ "$(cd "$folder" && pwd -P)" = "$(cd "$keys" && pwd -P)" ]; then
    echo "backup: the keys of periods must not lie beside the copies" >&2
    exit 1
fi
draft="$folder/.draft-$stamp-$$"
trap 'rm -f "$draft"' EXIT
case "${CALLBOT_STORAGE__URL:-}" in
postgresql*)
    copy="$folder/callbot-$stamp.dump"
    pg_dump --format=custom --no-owner --no-privileges --exclude-table-data=period_keys --file="$draft"
    callbot privacy backup --keys "$keys/period-keys.json" >/dev/null
    ;;
*)
    copy="$folder/callbot-$stamp.db"
    callbot privacy backup --to "$draft" --keys "$keys/period-keys.json" >/dev/null
    ;;
esac
sync "$draft"
mv "$draft" "$copy"
find "$folder" -maxdepth 1 -name 'callbot-*' -type f -mtime "+$days" -delete
echo "$copy"
