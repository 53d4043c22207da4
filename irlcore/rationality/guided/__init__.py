"""Value features: what agents go by beside the plan when they judge what comes next, as the analyst names it."""
