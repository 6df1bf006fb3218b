"""Which items suit a person: candidates learnt from behaviour, and how good they are on data held out."""
