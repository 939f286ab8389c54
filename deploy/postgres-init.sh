#!/bin/sh
# Run once, on an empty volume: Lucy's role may make databases, to try backups in, and is no superuser, so that nothing in
# a dump runs as one. The superuser's password goes; its owner gets in from inside the container.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password POSTGRES_PASSWORD
create role lucy login createdb password :'password';
create database lucy owner lucy;
alter role current_user password null;
SQL
