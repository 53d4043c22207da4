"""What needs torch: the transformer, its loss, and how it is trained, sampled and read. Without torch the import says what to install."""

from irlcore.errors import MotiveError

try:
    import torch as torch
except ImportError as missing:
    raise MotiveError("Models of text need torch, which is not installed here.",
                      "Install the extra: pip install 'motive[language]', or pip install torch (the build for processors is enough).",
                      ) from missing
