"""What a database holds, in PostgreSQL's own words: columns, constraints, indexes, options."""

from __future__ import annotations

from sqlalchemy import Engine, text

QUESTIONS = {
    "column": """
        SELECT c.relname || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
               CASE WHEN a.attnotnull THEN 'NOT NULL' END, a.attidentity,
               pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
          AND c.relnamespace = 'public'::regnamespace""",
    "constraint": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "option": """
        SELECT relname, array_to_string(reloptions, ',') FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace""",
    "policy": "SELECT tablename || '.' || policyname, qual FROM pg_policies",
    "trigger": """
        SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    "function": """
        SELECT oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
}


def catalog(engine: Engine) -> dict[str, str | None]:
    """Everything by its name, Alembic's own table left out."""
    with engine.connect() as connection:
        return {
            f"{kind} {name}": words
            for kind, question in QUESTIONS.items()
            for name, words in connection.execute(text(question.replace(":", "\\:")))
            if "alembic_version" not in f"{name} {words}"
        }
