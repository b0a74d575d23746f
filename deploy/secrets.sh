#!/usr/bin/env bash
# Makes the secrets of a deployment into deploy/secrets/, once and at random, each for the one user who reads it. Run as root.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
service=10001 postgres=999 # the users in the containers

keep() { # keep FILE USER: what comes in, for that user alone, unless it is there
  [ -e "secrets/$1" ] && { cat >/dev/null; echo "secrets/$1 is there already: it stays." >&2; return; }
  cat >"secrets/$1"
  chown "$2" "secrets/$1"
  chmod 0400 "secrets/$1"
}

for role in postgres replicator owner hournote; do
  [ -e "secrets/$role.password" ] || openssl rand -hex 24 | keep "$role.password" "$postgres"
done
passfile() { printf '*:*:*:%s:%s\n' "$1" "$(cat "secrets/$1.password")"; }
passfile replicator | keep replicator.pgpass "$postgres"
passfile owner | keep owner.pgpass "$service"
passfile hournote | keep hournote.pgpass "$service"
openssl rand -hex 32 | keep secret_key "$service"
openssl rand -hex 32 | keep checkpoint_key "$service"
