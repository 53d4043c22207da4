"""Whether fits, noise and intervals are sound: what ``benchmarks soundness`` measures."""
