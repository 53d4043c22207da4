"""The plan spread over all ways that are as good, or nearly, so that nothing hangs on which of several equals came first."""
