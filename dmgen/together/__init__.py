"""Several campaigns, also of several shops, over the parcels of one day: each its own job, and one pile of them all."""
