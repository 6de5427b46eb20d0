# Sourced by .ci/run: a PostgreSQL server on the loopback, and its address in DMGEN_TEST_POSTGRES.
# Installs the server if it is missing; prints nothing but errors. A server of your own: set the variable before.

start_postgres() {
    local log version name port status rest
    command -v pg_lsclusters >/dev/null || log=$(
        exec 2>&1
        apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql
    ) || { echo "$log" >&2; return 1; }

    read -r version name port status rest < <(pg_lsclusters --no-header)
    [ "$status" = online ] || pg_ctlcluster "$version" "$name" start || return 1

    # The role and the database may be there from an earlier run.
    runuser -u postgres -- psql -q -p "$port" -d postgres -v ON_ERROR_STOP=1 <<'SQL' || return 1
SELECT 'CREATE ROLE dmgen LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dmgen') \gexec
ALTER ROLE dmgen PASSWORD 'dmgen';
SELECT 'CREATE DATABASE dmgen OWNER dmgen' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dmgen') \gexec
SQL
    export DMGEN_TEST_POSTGRES="postgresql+psycopg://dmgen:dmgen@127.0.0.1:$port/dmgen"
}

[ -n "${DMGEN_TEST_POSTGRES:-}" ] || start_postgres
