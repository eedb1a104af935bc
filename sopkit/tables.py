"""The tables of the store. A change here needs a new SCHEMA number."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA = 2
ADDED_ONLY = {1}
"""Older schemas to which this one only adds tables: such a store is brought up to date as it is opened."""

meta = sa.MetaData()
schema = sa.Table("schema", meta, sa.Column("version", sa.Integer, primary_key=True))
people = sa.Table(
    "people",
    meta,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("passphrase", sa.String(200)),  # argon2 hash; trainers and coaches only
)
sessions = sa.Table(
    "sessions",
    meta,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("code", sa.String(40), nullable=False, unique=True),
    sa.Column("profile", sa.String(80), nullable=False),
    sa.Column("walk_ins", sa.Boolean, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
)
members = sa.Table(
    "members",
    meta,
    sa.Column("session", sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("person", sa.ForeignKey("people.id"), primary_key=True),
)
settings = sa.Table(
    "settings",
    meta,
    sa.Column("session", sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("lesson", sa.String(80), primary_key=True),
    sa.Column("mode", sa.String(20), nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("revealed", sa.Boolean, nullable=False),
)
claims = sa.Table(
    "claims",
    meta,
    sa.Column("kernel", sa.String(80), primary_key=True),
    sa.Column("person", sa.ForeignKey("people.id"), nullable=False),
    sa.Column("session", sa.ForeignKey("sessions.id")),
    sa.Column("at", sa.DateTime, nullable=False),
)
drafts = sa.Table(
    "drafts",
    meta,
    sa.Column("person", sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("session", sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("ref", sa.String(160), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
attempts = sa.Table(
    "attempts",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.ForeignKey("people.id"), nullable=False),
    sa.Column("session", sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("ref", sa.String(160), nullable=False),
    sa.Column("item", sa.String(80), nullable=False),
    sa.Column("mode", sa.String(20), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("key", sa.String(80), nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("person", "session", "ref", "item", "mode", "number"),
    sa.UniqueConstraint("person", "session", "ref", "item", "key"),
)
scores = sa.Table(
    "scores",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("attempt", sa.ForeignKey("attempts.id"), nullable=False, index=True),
    sa.Column("points", sa.Float, nullable=False),
    sa.Column("out_of", sa.Float, nullable=False),
    sa.Column("parts", sa.Text, nullable=False),
    sa.Column("grader", sa.String(80), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
handins = sa.Table(
    "handins",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.ForeignKey("people.id"), nullable=False),
    sa.Column("session", sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("lesson", sa.String(80), nullable=False),
    sa.Column("mode", sa.String(20), nullable=False),
    sa.Column("responses", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("published", sa.DateTime),
    sa.Column("fault", sa.Text),
)
marks = sa.Table(
    "marks",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("attempt", sa.ForeignKey("attempts.id"), nullable=False, index=True),
    sa.Column("grader", sa.String(80), nullable=False),  # a coach's id, or "formgrader"
    sa.Column("reading", sa.String(20), nullable=False),  # first, second, final
    sa.Column("data", sa.Text, nullable=False),  # marks by criterion, suggestions, words to the learner, decision
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("published", sa.DateTime),  # when nbgrader's gradebook got it
)
locks = sa.Table(
    "locks",
    meta,
    sa.Column("attempt", sa.ForeignKey("attempts.id"), primary_key=True),
    sa.Column("reading", sa.String(20), primary_key=True),
    sa.Column("coach", sa.ForeignKey("people.id"), nullable=False),
    sa.Column("until", sa.DateTime, nullable=False),
)
entries = sa.Table(
    "entries",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),  # comment, note, minutes, goal, rating, pick, warm-up, seen, erased
    sa.Column("by", sa.ForeignKey("people.id"), nullable=False),
    sa.Column("about", sa.String(160), nullable=False),  # whom or what it is about, by kind
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Index("entries_by_kind", "kind", "about"),
)
