"""HTTP as every feature uses it: the unit of work of a request, problems, pages, limits. Import from the modules."""
