from irlcore.contracts.feature_kind import check_feature_kind as check_feature_kind
from irlcore.contracts.rationality import check_rationality as check_rationality
from irlcore.contracts.world import check_world as check_world
from irlcore.errors import MotiveError as MotiveError
from irlcore.face.fitted import Fit as Fit
from irlcore.face.fitted import fit as fit
from irlcore.face.named import catalogue as catalogue
from irlcore.face.named import feature as feature
from irlcore.face.reading import open as open
from irlcore.face.reading import read as read
from irlcore.face.reading import sample as sample
from irlcore.face.study import Study as Study
from irlcore.worlds.tables.environment import from_gymnasium as from_gymnasium
from irlcore.worlds.world import World as World

__version__: str
