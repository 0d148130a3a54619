"""The auditor's room: an engagement's scope, its population, samples, questions and working papers."""
