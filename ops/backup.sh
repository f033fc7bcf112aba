#!/usr/bin/env bash
# Backup of the database and of the uploaded files, checked before it counts.
#   backup.sh once            one backup now
#   backup.sh loop            one every day at BACKUP_HOUR
#   backup.sh restore STAMP   into an EMPTY database and an empty FILES_DIR
# Environment: PGHOST PGUSER PGDATABASE (and PGPASSWORD or PGPASSWORD_FILE), BACKUP_DIR, FILES_DIR, KEEP_DAYS (30),
# BACKUP_HOUR (2). A backup is STAMP.dump, STAMP.files.tar.gz and STAMP.sha256.
set -euo pipefail

: "${BACKUP_DIR:?}" "${FILES_DIR:?}"
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi

say() { printf '%s %s\n' "$(date '+%F %T')" "$*"; }

once() {
    local stamp
    stamp=$(date '+%Y%m%d-%H%M%S')
    part="$BACKUP_DIR/.part-$stamp"
    mkdir -p "$part"
    trap 'rm -rf "$part"' EXIT
    # The database first: a file it names was stored before. Files without a row are harmless.
    pg_dump --format=custom --no-owner --file="$part/$stamp.dump"
    pg_restore --list "$part/$stamp.dump" >/dev/null
    tar --create --gzip --file="$part/$stamp.files.tar.gz" --directory="$FILES_DIR" .
    tar --list --gzip --file="$part/$stamp.files.tar.gz" >/dev/null
    (cd "$part" && sha256sum "$stamp.dump" "$stamp.files.tar.gz" >"$stamp.sha256")
    mv "$part/$stamp.files.tar.gz" "$part/$stamp.sha256" "$BACKUP_DIR/"
    mv "$part/$stamp.dump" "$BACKUP_DIR/" # last: whoever sees the dump has the rest
    say "backup $stamp: $(du -h "$BACKUP_DIR/$stamp.dump" | cut -f1) database, $(du -h "$BACKUP_DIR/$stamp.files.tar.gz" | cut -f1) files"
    find "$BACKUP_DIR" -maxdepth 1 -type f \( -name '*.dump' -o -name '*.files.tar.gz' -o -name '*.sha256' \) \
        -mtime "+${KEEP_DAYS:-30}" -delete
}

loop() {
    say "one backup every day at ${BACKUP_HOUR:-2}:00, kept for ${KEEP_DAYS:-30} days"
    local next now
    while true; do
        now=$(date +%s)
        next=$(date -d "today ${BACKUP_HOUR:-2}:00" +%s)
        [ "$next" -gt "$now" ] || next=$(date -d "tomorrow ${BACKUP_HOUR:-2}:00" +%s)
        sleep $((next - now)) &
        wait $!
        # not `once || …`: that would switch off `set -e` inside
        bash "$0" once || say "BACKUP FAILED, trying again tomorrow"
    done
}

restore() {
    local stamp=$1
    (cd "$BACKUP_DIR" && sha256sum --check --quiet "$stamp.sha256")
    if [ "$(psql --tuples-only --no-align --command "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" != 0 ]; then
        say "the database $PGDATABASE is not empty, nothing was restored"
        exit 1
    fi
    if [ -n "$(ls -A "$FILES_DIR")" ]; then
        say "$FILES_DIR is not empty, nothing was restored"
        exit 1
    fi
    pg_restore --exit-on-error --single-transaction --no-owner --dbname="$PGDATABASE" "$BACKUP_DIR/$stamp.dump"
    tar --extract --gzip --file="$BACKUP_DIR/$stamp.files.tar.gz" --directory="$FILES_DIR"
    say "restored $stamp"
}

trap 'exit 0' TERM INT
case "${1:-}" in
    once) once ;;
    loop) loop ;;
    restore) restore "${2:?which backup? e.g. 20260131-020000}" ;;
    *) sed -n '2,8p' "$0"; exit 2 ;;
esac
