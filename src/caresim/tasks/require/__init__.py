"""How many people a target takes, half hour by half hour and desk by desk."""
