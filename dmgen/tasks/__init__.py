"""What each command but check, run and proof does: a module a command."""
