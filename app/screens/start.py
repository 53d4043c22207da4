"""Start: what do you want to look at?"""

from dataclasses import replace

import numpy as np
import streamlit as st

from app import session
from app.kept_line import zone
from app.shell import errors_as_words, go_to, headline
from app.store.recent import Entry
from app.store.store import MOST_VERSIONS
from irlcore.maps.lines import path_places
from irlcore.maps.sequences.graph import graph_svg
from irlcore.maps.sequences.process import process_of, shown_part
from irlcore.project.project import Project, now
from irlcore.project.project_file import load_project
from irlcore.project.samples import SAMPLES, sample_project
from irlcore.quantities import counted
from irlcore.report.text import NAME, as_line, as_markdown
from irlcore.report.thumbnail import thumbnail
from irlcore.report.times import when
from irlcore.worlds.called import CALLED

TEXTS = {"town": "684 drives of commuters, trucks and couriers through a made-up port town. Eight of each class do something "
                 "else today.",
         "anchorage": "564 passages of ferries, cargo vessels and fishing boats over an anchorage. Eight of each class do "
                      "something else today.",
         "fishing": "174 vessels that roam a fishing ground, with no destination, and stay where they fish. Eight do something else "
                    "today.",
         "tickets": "600 tickets of a made-up help desk, an event log without a map. Fifteen of today do not go as the others do, in five "
                    "ways."}
STEPS = (("timeline", "Tracks", "Load what was observed; see what was dropped, and why."),
         ("category", "Features", "Name what might matter: length, turns, zones that you draw; in a log what came before."),
         ("tune", "Fit", "Learn how much each of them matters, with intervals."),
         ("flag", "Review", "Go through the tracks that these wants do not explain."),
         ("target", "Intent", "See where each one is heading, or what is likely next, and how sure that is."),
         ("description", "Report", "Hand it over: one page, tables, the project itself."))

IN_CARD, MOST_IN_CARD = 0.2, 6  # of a log's process: what this share of the sequences did, between so many events
MOST_RECENT = 6  # the others behind a switch: the samples stand below


@st.cache_resource(show_spinner=False)
def sample(name: str) -> tuple[Project, str]:
    """A sample and a picture of how much its places are used."""
    project = sample_project(name)
    assert project.world is not None and project.paths is not None
    if project.world.kind == "log":  # it has no map: how often what came after what
        process = process_of(project.world, project.paths, np.arange(len(project.paths)))
        return project, graph_svg(process, shown_part(process, IN_CARD, most=MOST_IN_CARD), bare=True)
    used = np.bincount(path_places(project.world, project.paths)[0], minlength=project.world.n_places)
    return project, thumbnail(project.world, np.log1p(used), 300, 150)


def recent_projects() -> None:
    """The visitor's own projects, as they were when last changed."""
    found = session.recent_projects()
    if not found:
        return
    st.subheader("Recent projects")
    st.caption(f"{counted(len(found), 'project')}; each is kept, with its last {MOST_VERSIONS} versions, until you remove it.")
    whole = len(found) > MOST_RECENT and st.toggle(f"Show all {len(found)}", key="all_recent")
    for entry in found if whole else found[:MOST_RECENT]:
        one_recent(entry)


def of_entry(entry: Entry) -> str:
    """Class, tracks, fits and verdicts of a project, as far as they were noted."""
    track = CALLED[entry.kind].track if entry.kind in CALLED else "track"
    counts = [counted(number, what) for number, what in ((entry.tracks, track), (entry.fits, "fit"), (entry.verdicts, "verdict"))
              if number >= 0]
    return ", ".join([as_line(entry.agent_class, NAME), *counts] if entry.agent_class else counts)


def one_recent(entry: Entry) -> None:
    """Name, time, and the buttons; Remove asks."""
    name, saved, opens, removes = st.columns([5, 3, 1.4, 1.4], vertical_alignment="center")
    name.markdown(f"**{as_markdown(entry.name, NAME)}**  \n:small[:gray[{as_markdown(of_entry(entry), 300)}]]")
    saved.caption(as_markdown(f"{when(entry.saved, zone())}, version {entry.n}"))
    if opens.button("Open", key=f"open_{entry.key}", width="stretch"):
        with errors_as_words():
            session.open_recent(entry.key)
            go_to("features")
    with removes.popover("Remove", width="stretch"):
        st.write(f"Remove **{as_markdown(entry.name, NAME)}** for good, with all its versions?")
        if st.button("Remove it", key=f"remove_{entry.key}", type="primary"):
            with errors_as_words():
                session.remove_recent(entry.key)
                st.rerun()


headline("What do you want to look at?")
st.write("Motive learns what a class of moving agents wants, on features that you name, and ranks the tracks that these "
         "wants do not explain, with the reasons and with where each agent seems to be heading. \"Unusual under this model\" "
         "is not guilt: it says where a look is worth while, and people must decide. Nothing leaves this machine.")
with errors_as_words("The recent projects cannot be listed"):
    recent_projects()
columns = st.columns(len(SAMPLES) + 1)
for column, name in zip(columns, SAMPLES, strict=False):
    with column, st.container(border=True, height="stretch"):
        st.subheader(SAMPLES[name])
        with errors_as_words():
            project, picture = sample(name)
            st.image(picture, width="stretch", alt=f"Process of the sample {name}: its events and how often one came after another"
                     if project.world is not None and project.world.kind == "log" else
                     f"Map of the sample {name}, streets or cells coloured by use")
            st.write(TEXTS[name])
            if st.button("Open this sample", key=f"sample_{name}", type="primary", width="stretch"):
                session.begin_with(replace(project, history=tuple(replace(step, made=now()) for step in project.history)))
                go_to("tracks")
with columns[-1], st.container(border=True, height="stretch"):
    st.subheader("Your own data")
    st.write("Tracks as points, a network of links with the ways taken through it, or an event log.")
    if st.button("New from your files", width="stretch", type="primary", icon=":material/upload_file:"):
        session.begin_with(Project())
        go_to("tracks")
    upload = st.file_uploader("Or open a project file", type=["motive"], key="project_upload")
    if upload is not None:
        with errors_as_words():
            session.begin_with(load_project(upload.getvalue()))
            go_to("features")
st.subheader("How it goes")
for column, (icon, title, text) in zip(st.columns(6), STEPS, strict=True):
    column.markdown(f":material/{icon}: **{title}**")
    column.caption(text)
