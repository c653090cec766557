"""From records to items, as the mapping says; pure: no clock, no file, no network."""
