"""The tests, each where what it tests stands; what they share is in support/."""
