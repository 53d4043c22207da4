"""What must hold whatever the data: how often intervals cover the truth, and known answers on a world without a goal."""
