"""Lists of people: pupils with their classes, parents, teachers. Of a child only name, class, groups and parents."""
