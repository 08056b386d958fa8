"""Why this, why not that, why nothing: explanations as data, with one plain sentence each (docs/explaining.md)."""
