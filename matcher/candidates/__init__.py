"""Who may meet whom, and how well they fit: from people to arrays of edges."""
