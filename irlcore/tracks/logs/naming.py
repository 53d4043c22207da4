"""What columns of an event log are called, and which column plays which part."""

from __future__ import annotations

from collections.abc import Mapping

EVENT = ("concept_name", "event", "activity", "activity_name", "activity_en", "event_name", "eventname", "activity_label", "event_type",
         "action", "action_name", "command", "cmd", "syscall", "system_call", "operation", "task", "task_name", "tool", "tool_name",
         "api_call", "call", "function", "procedure", "port_call", "port_name", "port", "page", "status", "message", "aktivitat",
         "aktivitaet", "ereignis", "tatigkeit", "taetigkeit", "arbeitsschritt", "arbeitsgang", "vorgangsart", "aktion", "befehl",
         "activite", "evenement", "etape", "tache", "action_effectuee", "actividad", "evento", "tarea", "accion", "etapa", "attivita",
         "activiteit", "gebeurtenis", "vorgang")
CASE = ("case_concept_name", "case_id", "caseid", "case_key", "case", "case_no", "case_number", "process_instance", "process_instance_id",
        "instance_id", "trace_id", "session", "session_id", "sessionid", "ticket", "ticket_id", "ticket_no", "incident", "incident_id",
        "incident_number", "order_id", "order_no", "request_id", "claim_id", "patient_id", "conversation_id", "run_id", "job_id",
        "vorgangsnummer", "vorgangs_id", "vorgang_id", "fall", "fall_id", "fallnummer", "fallnr", "auftrag", "auftragsnummer", "dossier",
        "dossier_id", "numero_dossier", "id_dossier", "caso", "caso_id", "id_caso", "expediente", "process_id", "pid", "vorgang")
ENDED = ("time_timestamp", "complete_timestamp", "completion_time", "complete_time", "completed_at", "end_timestamp", "end_time", "endtime",
         "ended_at", "finish_time", "finished_at", "ende", "endzeit", "heure_fin", "fin")
BEGUN = ("start_timestamp", "start_time", "starttime", "started_at", "begin_time", "begin", "startzeit", "eventtime", "event_timestamp")
LIFECYCLE = ("lifecycle_transition", "lifecycle", "lifecycle_state", "transition")
WHOLE = ("events", "activities", "syscalls", "calls", "commands", "actions", "event_sequence", "trace")
"""Names as ``plain_name`` makes them, the likelier first. "Vorgang" is the case where another column tells the activity."""
_BEGUN_ONLY = ("start_timestamp", "start_time", "starttime", "started_at", "begin_time", "startzeit")


def log_columns(by_name: Mapping[str, str], tracks: tuple[str, ...], times: tuple[str, ...], steps: tuple[str, ...],
                numbers_rows: frozenset[str]) -> dict[str, str]:
    """Which column plays which part of a log: event, or events where a row is a whole sequence; track; t; date; lifecycle.

    by_name: plain name -> column. tracks, times, steps: names that other tables have for them, which are looked for last. numbers_rows:
    columns that are another in each row, which name no sequence of several events.
    """
    found: dict[str, str] = {}

    def take(part: str, names: tuple[str, ...], without: frozenset[str] = frozenset()) -> None:
        there = (by_name[name] for name in names if name in by_name and by_name[name] not in without | set(found.values()))
        if (first := next(there, None)) is not None:
            found[part] = first

    take("event", EVENT)
    if "event" not in found:
        take("events", (*WHOLE, "sequence", "path"))
    take("track", (*CASE, "trace", *tracks), frozenset() if "events" in found else numbers_rows)
    if "track" not in found:
        take("track", CASE)  # a log of which each sequence has one event
    if "event" in found:
        take("lifecycle", LIFECYCLE)
        take("t", (*ENDED, *times, *BEGUN, *steps))
    return found


def times_beside(by_name: Mapping[str, str], taken: str) -> list[str]:
    """Columns that tell when events began, beside the one that tells when they were done."""
    return [by_name[name] for name in _BEGUN_ONLY if name in by_name and by_name[name] != taken]


def as_events(columns: Mapping[str, str]) -> dict[str, str]:
    """The parts of a log, of those of a log or of paths."""
    named = {"link": "event", "step": "t", "path": "events"}
    return {named.get(part, part): column for part, column in columns.items()}


def as_paths(columns: Mapping[str, str]) -> dict[str, str]:
    """The parts of paths, of those of a log or of paths."""
    named = {"event": "link", "t": "step", "events": "path"}
    return {named.get(part, part): column for part, column in columns.items() if part not in ("date", "lifecycle")}
