"""The HTTP protocol of OsmAnd and of the Traccar Client phone app."""
