"""The catalogue lint: what must hold of every table, view, policy, function, index and role of the schema.

Each rule is a query whose rows are the offenders, and a list of those that are allowed with the reason. An exception that no
longer has its offender is an offence too, so the lists only ever become shorter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg


@dataclass(frozen=True, slots=True)
class Rule:
    """A query that gives one text a row: what offends. `allowed`: offender → why it may."""

    name: str
    query: str
    allowed: Mapping[str, str] = field(default_factory=dict)


TABLES = """
tables as (
  select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relispartition from pg_class c
  where c.relnamespace = 'motorpool'::regnamespace and c.relkind in ('r', 'p')
), tenant_tables as (
  select t.*, a.attname as tenant_column, a.attnum as tenant_attnum from tables t
  join lateral (
    select attname, attnum from pg_attribute where attrelid = t.oid and attname in ('tenant_no', 'tenant_id') and not attisdropped
    order by attname desc limit 1
  ) a on true where not t.relispartition
)
"""

REVISIONS = {"alembic_version": "holds the name of the newest revision; nobody but its owner has a right on it"}
BEFORE_A_TENANT = "who is this? is asked before a tenant is known, by the role identity alone"

RULES = (
    Rule(
        "row-level security is on",
        f"with {TABLES} select relname from tables where not relrowsecurity and not relispartition",
        REVISIONS,
    ),
    Rule(
        "row-level security is forced on the owner too",
        f"with {TABLES} select relname from tables where not relforcerowsecurity and not relispartition",
        REVISIONS,
    ),
    Rule(
        "the owner has its own policy, or backfills silently touch nothing",
        f"""with {TABLES} select relname from tables t where not relispartition and not exists (
          select from pg_policies p where p.schemaname = 'motorpool' and p.tablename = t.relname
            and p.roles = '{{motorpool_owner}}' and p.cmd = 'ALL' and p.qual = 'true' and p.with_check = 'true')""",
        REVISIONS,
    ),
    Rule(
        "a policy that lets write has a check, one that lets read or change has a condition",
        """select tablename || '.' || policyname from pg_policies where schemaname = 'motorpool'
          and (with_check is null and cmd in ('ALL', 'INSERT', 'UPDATE')
            or qual is null and cmd in ('ALL', 'SELECT', 'UPDATE', 'DELETE'))""",
    ),
    Rule(
        "a policy names its roles",
        "select tablename || '.' || policyname from pg_policies where schemaname = 'motorpool' and 'public' = any(roles)",
    ),
    Rule(
        "what app may see is its tenant's, and nothing when there is none",
        r"""select tablename || '.' || policyname from pg_policies, lateral (values (qual), (with_check)) given(expression)
          where schemaname = 'motorpool' and 'motorpool_app' = any(roles) and permissive = 'PERMISSIVE' and expression is not null
            and expression !~ '^\((tenant_id|id) = (motorpool\.)?tenant\(\)\)$'
            and expression !~ '^\(tenant_no = (motorpool\.)?tenant_no\(\)\)$'
          group by 1""",
        {
            "subscriptions.cursors": "a cursor per subscription, nothing of a tenant; moved in the transaction of the handler"
        },
    ),
    Rule(
        "everything with a vehicle has the second wall, the scope",
        f"""with {TABLES} select t.relname from tables t
          where not relispartition and has_any_column_privilege('motorpool_app', t.oid, 'select')
            and exists (select from pg_attribute a where a.attrelid = t.oid and a.attname in ('vehicle_id', 'vehicle_no'))
            and not exists (select from pg_policies p where p.schemaname = 'motorpool' and p.tablename = t.relname
              and p.policyname = 'scope' and p.permissive = 'RESTRICTIVE' and p.cmd in ('SELECT', 'ALL'))""",
        {
            "telemetry_assignments": "what features push down to telemetry; app reads it only to write it, no query shows it"
        },
    ),
    Rule(
        "a view has the rights of its reader",
        """select relname from pg_class where relnamespace = 'motorpool'::regnamespace and relkind = 'v'
          and not coalesce(reloptions @> '{security_invoker=true}', false)""",
    ),
    Rule(
        "there is no materialized view: row-level security does not reach into one",
        "select relname from pg_class where relnamespace = 'motorpool'::regnamespace and relkind = 'm'",
    ),
    Rule(
        "nobody has a right on a partition but ingest, which may insert",
        """select c.relname || ' ' || a.grantee::regrole || ' ' || a.privilege_type from pg_class c, aclexplode(c.relacl) a
          where c.relnamespace = 'motorpool'::regnamespace and c.relispartition and a.grantee <> c.relowner
            and not (a.grantee = 'motorpool_ingest'::regrole and a.privilege_type = 'INSERT')""",
    ),
    Rule(
        "functions with their owner's rights are few and listed",
        "select proname::text from pg_proc where pronamespace = 'motorpool'::regnamespace and prosecdef",
        {"make_day": "makes the partition of a day inside the window that is kept, nothing else"},
    ),
    Rule(
        "a function with its owner's rights has a fixed search path that ends with pg_temp, and is not for everybody",
        r"""select proname::text from pg_proc p where pronamespace = 'motorpool'::regnamespace and prosecdef
          and (not exists (select from unnest(proconfig) one where one ~ '^search_path=motorpool, pg_temp$')
            or has_function_privilege('public', p.oid, 'execute'))""",
    ),
    Rule(
        "a foreign key of a tenant table begins with the tenant on both sides",
        f"""with {TABLES} select t.relname || ' → ' || r.relname from tenant_tables t
          join pg_constraint k on k.conrelid = t.oid and k.contype = 'f' join pg_class r on r.oid = k.confrelid
          where r.relname <> 'tenants' and (k.conkey[1] <> t.tenant_attnum or not exists (
            select from tenant_tables f where f.oid = k.confrelid and f.tenant_attnum = k.confkey[1]))""",
        {
            "memberships → people": "a person belongs to no tenant; only control writes memberships of new people",
            "sessions → people": BEFORE_A_TENANT,
        },
    ),
    Rule(
        "a unique index of a tenant table begins with the tenant",
        f"""with {TABLES} select i.indexrelid::regclass::text from tenant_tables t join pg_index i on i.indrelid = t.oid
          where i.indisunique and i.indkey[0] <> t.tenant_attnum""",
        {
            "device_identities_pkey": "on the device ports no tenant is known: whoever claims an identifier first has it",
            "events_by_position": "the sequencer gives positions over all tenants; no tenant can choose one",
            "sessions_pkey": BEFORE_A_TENANT,
            "sessions_token_hash_key": BEFORE_A_TENANT,
        },
    ),
    Rule(
        "an index of a tenant table begins with the tenant",
        f"""with {TABLES} select i.indexrelid::regclass::text from tenant_tables t join pg_index i on i.indrelid = t.oid
          where not i.indisunique and i.indkey[0] <> t.tenant_attnum""",
        {
            "memberships_by_person": BEFORE_A_TENANT,
            "sessions_by_person": BEFORE_A_TENANT,
            "api_keys_by_id": BEFORE_A_TENANT,
            "events_unnumbered": "the sequencer numbers the events of all tenants",
            "idempotency_keys_by_age": "the worker forgets the keys of all tenants after a day",
        },
    ),
    Rule(
        "no index holds an enum or a numeric: row-level security would keep conditions from it",
        """select distinct i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indexrelid
          join pg_attribute a on a.attrelid = c.oid join pg_type y on y.oid = a.atttypid
          where c.relnamespace = 'motorpool'::regnamespace and (y.typtype = 'e' or y.typname = 'numeric')""",
    ),
    Rule(
        "a tenant table fills in its tenant by itself",
        f"""with {TABLES} select t.relname || '.' || t.tenant_column from tenant_tables t
          left join pg_attrdef d on d.adrelid = t.oid and d.adnum = t.tenant_attnum
          where coalesce(pg_get_expr(d.adbin, d.adrelid), '') not in ('tenant()', 'tenant_no()', 'motorpool.tenant()', 'motorpool.tenant_no()')""",
        {"sessions.tenant_id": BEFORE_A_TENANT},
    ),
    Rule(
        "a tenant table always has its tenant",
        f"""with {TABLES} select t.relname from tenant_tables t join pg_attribute a on a.attrelid = t.oid
          and a.attnum = t.tenant_attnum where not a.attnotnull""",
    ),
    Rule(
        "sequences are not readable: they count all tenants",
        """select c.relname || ' ' || a.grantee::regrole || ' ' || a.privilege_type from pg_class c, aclexplode(c.relacl) a
          where c.relnamespace = 'motorpool'::regnamespace and c.relkind = 'S' and a.grantee <> c.relowner""",
        {"event_positions motorpool_relay USAGE": "the sequencer gives positions"},
    ),
    Rule(
        "rights on tables are to read and write rows, and never for everybody",
        """select c.relname || ' ' || case when a.grantee = 0 then 'public' else a.grantee::regrole::text end || ' ' || a.privilege_type
          from pg_class c, aclexplode(c.relacl) a
          where c.relnamespace = 'motorpool'::regnamespace and c.relkind <> 'S' and a.grantee <> c.relowner
            and (a.grantee = 0 or a.is_grantable or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))""",
    ),
    Rule(
        "no role could bypass: none is superuser, bypasses, makes roles, belongs to another or has members",
        """select rolname::text from pg_roles r where rolname like 'motorpool\\_%' and (rolsuper or rolbypassrls or rolcreaterole
          or rolcreatedb or rolreplication or exists (select from pg_auth_members m where m.member = r.oid))""",
    ),
    Rule(
        "everything belongs to the role owner, which serves nobody",
        """select c.relname::text from pg_class c where c.relnamespace = 'motorpool'::regnamespace
            and c.relowner <> 'motorpool_owner'::regrole
          union all select proname::text from pg_proc where pronamespace = 'motorpool'::regnamespace
            and proowner <> 'motorpool_owner'::regrole""",
    ),
)


def offences(db: "psycopg.Connection[tuple[str]]") -> list[tuple[str, str]]:
    """(rule, what) of everything that offends, and of every exception nobody needs any more."""
    db.execute("set local search_path = motorpool")
    found: list[tuple[str, str]] = []
    for rule in RULES:
        offenders = {str(row[0]) for row in db.execute(rule.query.encode()).fetchall()}
        found += [(rule.name, one) for one in sorted(offenders - rule.allowed.keys())]
        found += [
            (rule.name, f"{one} (an exception without its case)") for one in sorted(rule.allowed.keys() - offenders)
        ]
    return found
