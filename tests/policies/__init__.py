"""The policy pack: each policy, the pack as a whole, and its runner."""
