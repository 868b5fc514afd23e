"""Lists from files: staff, rooms, kinds of visit, patients, future appointments; tried first, and undone for a day."""
