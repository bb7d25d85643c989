"""The policy pack: each rule, the pack as a whole, and its runner."""
