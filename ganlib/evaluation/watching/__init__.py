"""The same in small, while a model trains: a quick yardstick, symptoms, a callback."""
