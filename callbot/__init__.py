"""A citizen-service voice callbot for bulky-waste pickups in the Métropole Aix-Marseille-Provence."""
