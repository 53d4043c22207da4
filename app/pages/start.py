"""Start: what do you want to look at?"""

import streamlit as st

from app import session
from app.shell import errors_as_words
from irlcore.project_file import load_project
from irlcore.samples import SAMPLES, sample_project

st.title("What do you want to look at?")
st.write("Motive learns what a class of moving agents wants, on features that you name, and ranks the tracks that these "
         "wants do not explain. It shows why, and what each agent seems to be after. \"Unusual under this model\" is not "
         "guilt: it says where a look is worth while, and people must decide. Nothing leaves this machine.")
columns = st.columns(3)
for column, name, text in ((columns[0], "town", "684 drives of commuters, trucks and couriers through a made-up town."),
                           (columns[1], "anchorage", "564 passages of ferries, cargo vessels and fishing boats.")):
    with column, st.container(border=True, height="stretch"):
        st.subheader(SAMPLES[name])
        st.write(text)
        if st.button("Open this sample", key=f"sample_{name}", type="primary", width="stretch"):
            with errors_as_words():
                session.put(sample_project(name))
                st.switch_page("pages/tracks.py")
with columns[2], st.container(border=True, height="stretch"):
    st.subheader("Your own data")
    st.page_link("pages/tracks.py", label="New from your files", icon=":material/upload_file:")
    upload = st.file_uploader("Open a project file", type=["motive"], key="project_upload")
    if upload is not None and st.button("Open this project", width="stretch"):
        with errors_as_words():
            session.put(load_project(upload.getvalue()))
            st.switch_page("pages/features.py")
st.subheader("How it goes")
for column, (title, text) in zip(st.columns(5), (
        ("1 Tracks", "Load what was observed; see what was dropped and why."),
        ("2 Features", "Name what might matter: length, turns, zones you draw."),
        ("3 Fit", "Learn the weights, with intervals."),
        ("4 Review", "Go through what the weights do not explain."),
        ("5 Intent and report", "See where each one is heading; hand it over.")), strict=True):
    column.markdown(f"**{title}**")
    column.caption(text)
