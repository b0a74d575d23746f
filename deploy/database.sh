#!/usr/bin/env bash
# A server of PostgreSQL, one of three that are the same but for their names.
#   database.sh NAME          follows whichever server takes writes, as a copy of it where there is nothing yet, and serves
#   database.sh NAME first    once, on one of them: makes the database and its roles, and ends
set -euo pipefail
name=$1
secrets=${SECRETS:-/run/secrets}
servers=${SERVERS:-db1 db2 db3}
everyone="${EVERYONE:-host=db1,db2,db3 port=5432} target_session_attrs=read-write user=replicator"
everyone+=" passfile=$secrets/replicator.pgpass"

first() {
  if [ -s "$PGDATA/PG_VERSION" ]; then
    echo "There is a database in $PGDATA already: it stays as it is." >&2
    exit 1
  fi
  initdb -D "$PGDATA" --username=postgres --pwfile="$secrets/postgres.password" --encoding=UTF8 --no-locale \
    --data-checksums --auth-local=trust --auth-host=scram-sha-256
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  echo "host replication replicator all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -w -s -o "-c listen_addresses='' -k /tmp" start # heard by nobody else as yet
  {
    for role in replicator owner hournote; do
      echo "CREATE ROLE $role LOGIN PASSWORD '$(cat "$secrets/$role.password")';"
    done
    echo "ALTER ROLE replicator REPLICATION;"
    echo "ALTER ROLE owner CREATEDB;" # to check backups in a database of their own
    echo "CREATE DATABASE hournote OWNER owner TEMPLATE template0 ENCODING 'UTF8';"
    for other in $servers; do
      [ "$other" = "$name" ] || echo "SELECT pg_create_physical_replication_slot('$other');"
    done
  } | psql --quiet --output=/dev/null -v ON_ERROR_STOP=1 -h /tmp -U postgres -d postgres
  pg_ctl -D "$PGDATA" -w -s -m fast stop
}

follow() {
  until pg_basebackup -d "$everyone" -D "$PGDATA" -S "$name" --checkpoint=fast; do
    sleep 2 # pg_basebackup leaves nothing behind where it fails
  done
  chmod 0700 "$PGDATA" # a new volume may be open to others, and then PostgreSQL does not start
  touch "$PGDATA/standby.signal"
}

if [ "${2:-}" = first ]; then
  first
  exit
fi
[ -s "$PGDATA/PG_VERSION" ] || follow
exec postgres -D "$PGDATA" \
  -c listen_addresses="${LISTEN-*}" \
  -c synchronous_standby_names="ANY 1 ($(echo $servers | sed 's/ /, /g'))" \
  -c primary_conninfo="$everyone application_name=$name" \
  -c primary_slot_name="$name" \
  -c max_slot_wal_keep_size=16GB \
  -c shared_buffers="${SHARED_BUFFERS:-1GB}"
