"""The judge of whole plans: every rule again, from the people and the regulation alone, without model or solver."""
