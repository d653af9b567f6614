"""From a document that people have (PDF, Word, …) to its text, in a child process of its own."""
