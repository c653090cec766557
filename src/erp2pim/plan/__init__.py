"""What would have to change in the PIM, worked out before anything is sent."""
