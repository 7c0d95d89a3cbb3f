"""What an agent declares about itself."""
