"""What everything else rests on: messages, faults, places, numbers, digests, the calendar."""
