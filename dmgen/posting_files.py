"""The files that letters are posted with: `post/` in the job folder."""
