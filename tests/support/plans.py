"""What PostgreSQL would do for a query, and what of it does not scale with a company's years."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg

from motorpool.runtime.db import Params, Work

Node = dict[str, Any]
EXPLAIN = "explain (generic_plan, format json) "
STREAMS = (
    "Limit",
    "Nested Loop",
    "Merge Join",
    "Append",
    "Merge Append",
    "Subquery Scan",
    "Result",
    "LockRows",
    "Incremental Sort",
)
"""Nodes that ask their first child for no more rows than they are asked for themselves."""

INDEXES = """
select i.indexrelid::regclass::text as name, coalesce(h.inhparent, i.indrelid)::regclass::text as table,
  array(select a.attname from unnest(i.indkey) with ordinality k (number, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number order by k.place) as columns
from pg_index i join pg_class c on c.oid = i.indexrelid left join pg_inherits h on h.inhrelid = i.indrelid
where c.relnamespace = 'motorpool'::regnamespace
"""


@dataclass(frozen=True, slots=True)
class Judge:
    """Looks at plans; knows which tables are large and of which columns each index is."""

    large: tuple[str, ...]
    indexes: dict[str, tuple[str, list[str]]]

    @classmethod
    def of(cls, db: "psycopg.Connection[Any]", large: tuple[str, ...]) -> "Judge":
        """A judge that knows the indexes of a database."""
        rows = db.execute(INDEXES.encode()).fetchall()
        return cls(
            large,
            {
                row["name"].removeprefix("motorpool."): (row["table"].removeprefix("motorpool."), row["columns"])
                for row in rows
            },
        )

    def faults(self, plan: Node, limited: bool = False) -> Iterator[str]:
        """Every scan of a large table that is sequential, not bound to the tenant, or reads all of the tenant before it answers.

        An index that begins with the tenant must be entered by its second column too, unless a limit stops the reading.
        """
        kind = plan["Node Type"]
        if kind in ("Seq Scan", "Sample Scan") and plan["Relation Name"].startswith(self.large):
            yield f"{plan['Relation Name']}: {kind}"
        if kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan"):
            yield from self._index_faults(plan, limited)
        streams = kind == "Limit" or (limited and kind in STREAMS)
        for child in plan.get("Plans", []):
            beside = child.get("Parent Relationship") in ("InitPlan", "SubPlan", "Inner")
            yield from self.faults(child, limited=streams and not beside)

    def _index_faults(self, plan: Node, limited: bool) -> Iterator[str]:
        table, columns = self.indexes.get(plan["Index Name"], ("", []))
        condition = plan.get("Index Cond", "")
        if table not in self.large:
            return
        if columns[0] not in ("tenant_id", "tenant_no") or f"{columns[0]} = " not in condition:
            yield f"{table}: {plan['Node Type']} of {plan['Index Name']} without the tenant"
        elif not limited and (len(columns) < 2 or not re.search(rf"(?<!\w){columns[1]}\b", condition)):
            yield f"{table}: {plan['Node Type']} of {plan['Index Name']} reads all of the tenant"


@dataclass(slots=True)
class Explaining(Work):
    """A unit of work that answers no question but asks how it would be answered."""

    plans: list[Node] = field(default_factory=list)

    async def all(self, query: str, params: Params | None = None) -> list[Any]:
        """Keep the plan; no rows."""
        found = await (await self.db.execute((EXPLAIN + query).encode(), params)).fetchone()
        assert found is not None
        self.plans.append(found["QUERY PLAN"][0]["Plan"])
        return []
