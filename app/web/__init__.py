"""Flask plumbing: fields and forms, the JSON API, error pages, headers, logs. It knows no slice and no rule."""
