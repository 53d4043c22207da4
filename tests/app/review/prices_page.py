"""A page of the two cards alone, for their tests: the selected track's prices, and the ranked agents."""

from app import session
from app.review import agents, prices_card
from app.review.controls import need_review

project = session.project()
review = need_review()
session.select(session.selected() or str(review.parts.paths.ids[review.order[0]]))
prices_card.show(project, review, session.selected())
agents.show(project, review)
