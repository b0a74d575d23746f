"""A camera becomes tokens, and tokens a verdict on a screen: journal first, network second."""
