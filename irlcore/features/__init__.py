"""What might matter to an agent: features that the analyst names, one small file a kind."""
